//! Every everyday kind of data can be told: a declaration that holds it, and one near by that does not.

use std::collections::BTreeSet;

use super::outcome;
use crate::taxonomy::data_types;

/// The data type, a declaration that holds it, and one that is close and does not.
const EXAMPLES: &[(&str, &str, &str)] = &[
    ("name", "Order.first_name: String", "Crate.name: String"),
    ("postal_address", "Order.shipping_address: String", "Listener.bind_address: String"),
    ("phone_number", "Order.phone_number: String", "User.phone_number_count: u32"),
    ("payment_info", "Payment.card_number: String", "Payment.card_number_length: u8"),
    ("age", "Patient.age: u8", "Cache.max_age: u64"),
    ("location_given", "User.county: String", "Span.location: String"),
    ("ip_address_given", "Form.ip_address: String", "Server.bind_ip: String"),
    ("address_book_people", "Sync.address_book: String", "Sync.address_book_enabled: bool"),
    ("contacts_upload", "Upload.contact_list: String", "Upload.contact_list_count: usize"),
    ("friends_email", "Invite.friend_email: String", "Invite.friend_email_template: String"),
    ("review_content", "Product.review_text: String", "Product.review_text_limit: u32"),
    ("email_content", "Mail.email_body: String", "Mail.email_body_template: String"),
    ("profile_description", "User.bio: String", "Crate.description: String"),
    ("profile_photograph", "Account.profile_picture: String", "Limits.profile_picture_size: u32"),
    ("voice_recording", "Call.voice_recording: Vec<u8", "Call.voice_recording_enabled: bool"),
    ("images_videos", "Chat.private_content: Vec<u8", "Chat.private_content_url_prefix: String"),
    ("identity_document", "Check.identity_document: Vec<u8", "Check.identity_document_required: bool"),
    ("social_security_number", "Tax.ssn: String", "Tax.ssn_verified: bool"),
    ("drivers_license_number", "Rental.drivers_license: String", "Crate.license: String"),
    ("corporate_financial_info", "Staff.salary: f64", "Staff.salary_band_count: u32"),
    ("bank_account", "Payout.iban: String", "Payout.iban_checks: u32"),
    ("place_of_establishment", "Customer.company_name: String", "Unit.company_name_pattern: String"),
    ("credit_history", "Loan.credit_score: u16", "Loan.credit_score_enabled: bool"),
    ("device_logs", "Report.device_log: String", "Report.log_level: String"),
    ("device_config", "Report.device_config: String", "Report.config_name: String"),
    ("wifi_credentials", "Setup.wifi_password: String", "Setup.wifi_channel: u8"),
    ("search_query", "Event.search_query: String", "Event.sql_query: String"),
    ("cart_contents", "Event.cart_items: Vec<String", "Event.cart_items_count: u32"),
    ("order", "Customer.order_history: String", "Bus.order: String"),
    ("support_communication", "Desk.support_message: String", "Desk.error_message: String"),
    ("questionnaire_contest_entry", "Survey.survey_answer: String", "Survey.survey_name: String"),
    ("playlist_wishlist_registry", "Shop.wish_list: Vec<String", "Shop.wish_list_enabled: bool"),
    ("discussion_post", "Forum.post_body: String", "Forum.post_count: u64"),
    ("special_occasion", "Customer.birthday: NaiveDate", "Customer.birthday_banner_url_prefix: String"),
    ("availability_alert", "User.notification_settings: String", "Site.notification_settings: String"),
    ("account_settings", "User.preferences: String", "Editor.preferences: String"),
    ("ip_address", "Entry.client_ip: IpAddr", "Listener.addr: SocketAddr"),
    ("login", "Login.username: String", "Login.username_taken: bool"),
    ("email_address", "Order.email: String", "Order.email_template: String"),
    ("password", "Login.password: String", "Login.password_policy: String"),
    ("device_location", "Ping.latitude: f64", "Ping.latitude_enabled: bool"),
    ("content_interaction", "Player.watch_history: Vec<String", "Player.watch_history_limit: u32"),
    ("network_details", "Report.network_details: String", "Report.network_name: String"),
    ("isp", "Visit.isp: String", "Visit.isp_count: u32"),
    ("device_metrics", "Report.device_metrics: String", "Report.metric_name: String"),
    ("service_metrics", "Report.usage_statistics: String", "Report.usage_statistics_enabled: bool"),
    ("settings_backup", "Account.user_preferences: String", "Account.user_preferences_enabled: bool"),
    ("app_location", "App.current_location: String", "App.source_location: String"),
    ("image_metadata", "Image.gps_coordinates: String", "Image.pixel_format: String"),
    ("version_info", "Hit.client_version_info: String", "Crate.version: String"),
    ("time_zone", "User.time_zone: String", "Scheduler.time_zone: String"),
    ("purchase_history", "Event.purchase_history: String", "Event.purchase_history_days: u32"),
    ("content_use_history", "Reader.reading_history: Vec<String", "Reader.history_size: u32"),
    ("clickstream", "Visit.clickstream: String", "Visit.stream: String"),
    ("viewed_searched", "Visit.visited_url: String", "Visit.base_url: String"),
    ("page_interaction", "Visit.click_event: String", "Visit.event_name: String"),
    ("page_timing", "Visit.usage_data: String", "Visit.load_count: u64"),
    ("caller_phone_number", "Call.caller_number: String", "Call.line_number: u32"),
    ("in_store_images", "Store.camera_image: Vec<u8", "Store.camera_name: String"),
    ("device_identifier", "Push.device_id: String", "Push.device_id_required: bool"),
    ("cookie", "Request.cookie: String", "Request.cookie_name: String"),
    ("advertising_identifier", "Ad.advertising_id: String", "Ad.slot_id: String"),
    ("carrier_address", "Parcel.delivery_address: String", "Parcel.memory_address: String"),
    ("merchant_account", "Customer.merchant_account: String", "Order.merchant_count: u32"),
    ("merchant_purchase", "Partner.past_orders: String", "Partner.byte_order: String"),
    ("merchant_page_view", "Partner.page_view_history: String", "Partner.page_view_count: u64"),
    ("subsidiary_interactions", "Feed.user_activity: String", "Feed.activity_kind: unit enum"),
    ("search_results_links", "Event.search_term: String", "Event.search_index: u32"),
    ("linked_devices", "Account.linked_devices: Vec<String", "Account.linked_devices_count: u32"),
    ("credit_bureau_history", "Loan.credit_report: String", "Loan.credit_report_url_prefix: String"),
    ("card_security_code", "Payment.cvv: String", "Payment.cvv_required: bool"),
    ("card_track_data", "Reader.track_data: String", "Reader.track_count: u8"),
    ("card_expiry", "Payment.card_expiry: String", "Token.expiry: u64"),
    ("session_id", "Web.session_id: String", "Web.session_ttl: u64"),
    ("access_token", "Reply.access_token: String", "Reply.access_token_url_prefix: String"),
    ("account_id", "Event.user_id: String", "Event.id: Uuid"),
    ("date_of_birth", "Patient.date_of_birth: NaiveDate", "Patient.date_of_birth_known: bool"),
    ("gender", "Form.gender: String", "Form.gender: unit enum"),
    ("health", "Visit.diagnosis: String", "Visit.health_check_url: String"),
    ("biometric_template", "Gate.face_template: Vec<u8", "Gate.page_template: String"),
    ("user_agent", "Entry.user_agent: String", "Entry.user_agent_parser: String"),
];

#[test]
fn every_kind_of_data_is_told() {
    let kin = |a: &str, b: &str| a == b || a.starts_with(&format!("{b}.")) || b.starts_with(&format!("{a}."));
    let mut wrong = Vec::new();
    for (name, personal, other) in EXAMPLES {
        let key = data_types().iter().find(|kind| kind.name == *name).map(|kind| kind.key);
        let found = outcome(personal).map(|(category, _)| category);
        if !found.zip(key).is_some_and(|(found, key)| kin(found, key)) {
            wrong.push(format!("{name} ({key:?}): `{personal}` is {found:?}"));
        }
        wrong.extend(outcome(other).map(|hit| format!("{name}: `{other}` is {hit:?}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_kind_is_left_out() {
    let told: BTreeSet<&str> = EXAMPLES.iter().map(|(name, ..)| *name).collect();
    let all: BTreeSet<&str> = data_types().iter().map(|kind| kind.name).collect();
    assert_eq!(told, all);
}

#[test]
fn what_counts_or_switches_is_never_personal() {
    // What stands before a preposition is what a name is about, whatever follows: `email_of_owner`.
    for (name, ..) in EXAMPLES.iter().filter(|(name, ..)| !name.contains("_of_")) {
        for place in [
            format!("User.{name}_count: u64"),
            format!("User.{name}_enabled: bool"),
            format!("User.{name}: bool"),
            format!("User.{name}: unit enum"),
            format!("User.{name}_url_prefix: String"),
            format!("User.{name}_template: String"),
        ] {
            assert_eq!(outcome(&place), None, "{place}");
        }
    }
}
