//! Classes of names rather than names: what others call it, what stands around it, and whose it is not.

use super::super::{Confidence, Facts, PlaceKind, kin, needs_company, recognise};
use super::{facts, outcome};

const CREDENTIALS: &str = "user.authorization.credentials";
const PASSWORD: &str = "user.authorization.password";
const PRIVATE: &str = "user.content.private";
const PUBLIC: &str = "user.content.public";

/// `Holder.name: Outer<Inner` beside other fields.
fn beside(place: &str, fields: &[&str]) -> Option<&'static str> {
    let (place, ty) = place.split_once(": ").unwrap();
    let ty: Vec<&str> = ty.split('<').collect();
    let (holder, name) = place.split_once('.').unwrap();
    let known = facts(PlaceKind::Field, holder, name, &ty);
    recognise(&Facts { holder_fields: fields, ..known }).map(|hit| hit.category)
}

fn of(place: &str) -> Option<&'static str> {
    outcome(place).map(|(category, _)| category)
}

#[track_caller]
fn none(places: &[&str]) {
    for place in places {
        assert_eq!(outcome(place), None, "{place}");
    }
}

#[test]
fn one_word_stands_for_another() {
    for (place, key) in [
        ("Push.handset_uuid: String", "user.device.device_id"),
        ("Push.device_guid: String", "user.device.device_id"),
        ("Row.account_identifier: String", "user.unique_id"),
        ("Row.tax_identifier: String", "user.government_id.national_identification_number"),
        ("Row.passport_nr: String", "user.government_id"),
        ("Row.usr_pwd: String", PASSWORD),
        ("Row.wlan_passphrase: String", "user.authorization.wifi_credentials"),
        ("Row.second_factor_code: String", CREDENTIALS),
        ("Row.activation_code: String", CREDENTIALS),
        ("Row.signin_token: String", CREDENTIALS),
        ("Row.direct_msg: String", PRIVATE),
        ("Row.billing_addr: String", "user.contact.address"),
        ("Row.acct_name: String", "user.account.username"),
    ] {
        assert_eq!(of(place), Some(key), "{place}");
    }
    none(&[
        "Mailbox.email_uuid: String",
        "Mailbox.mail_uid: u32",
        "Banner.ad_uuid: Uuid",
        "Reply.error_msg: String",
        "Listener.bind_addr: String",
        "Zone.mobile_layout: String",
        "Row.auth_method: String",
    ]);
}

#[test]
fn what_stands_behind_changes_nothing() {
    for (place, key) in [
        ("Row.master_password_authentication_hash: String", PASSWORD),
        ("Row.passwd_login_digest: Vec<u8", PASSWORD),
        ("Row.password_new: String", PASSWORD),
        ("Row.email_pending: String", "user.contact.email"),
        ("Row.phone_secondary: String", "user.contact.phone_number"),
        ("User.last_address: String", "user.contact.address"),
    ] {
        assert_eq!(of(place), Some(key), "{place}");
    }
    none(&[
        "Row.email_verification_hash: String",
        "Row.password_authentication: String",
        "Row.password_login_verification_hash: String",
        "Row.email_new_count: u32",
    ]);
}

#[test]
fn the_last_token_of_a_record_of_tokens() {
    assert_eq!(of("EmailTokenData.last_token: Option<String"), Some(CREDENTIALS));
    assert_eq!(of("VerificationCode.previous_token: String"), Some(CREDENTIALS));
    none(&["Lexer.last_token: String", "EmailTokenData.page_token: String", "Parser.previous_token: String"]);
    none(&["AccessTokenPage.next_page_token: String", "AccessTokenService.last_token: String"]);
}

#[test]
fn a_business_is_no_person() {
    none(&["ProdIntent.legal_business_name: String"]);
}

#[test]
fn what_somebody_publishes_by_a_form() {
    for (place, key) in [
        ("CreateComment.text: String", PUBLIC),
        ("EditPost.name: Option<String", PUBLIC),
        ("ReviewForm.body: String", PUBLIC),
        ("NewTicket.subject: String", PRIVATE),
        ("FeedbackRequest.description: String", PRIVATE),
        ("Register.answer: Option<String", PRIVATE),
        ("SignupForm.motivation: String", PRIVATE),
    ] {
        assert_eq!(outcome(place), Some((key, Confidence::Medium)), "{place}");
    }
    none(&[
        "Story.text: String",
        "RemoveComment.reason: String",
        "CreatePostLimit.name: String",
        "CreateEndpoint.description: String",
        "EditPost.language: String",
        "EditPost.title: u32",
        "RegisterError.reason: String",
        "RejectRegistration.reason: String",
    ]);
    let hit = recognise(&facts(PlaceKind::Field, "EditPost", "name", &["String"])).unwrap();
    assert!(!hit.counts(), "what is told by the form alone is asked about and not followed");
}

#[test]
fn a_post_is_written_and_not_sent() {
    for name in ["Post", "EditPost", "CreatePost", "PostInsertForm", "NewPostForm", "PostView"] {
        assert_eq!(kin(name), "post", "{name}");
    }
    assert_eq!([kin("CommentUpdateForm"), kin("UserPost"), kin("Create")], ["comment", "user", "create"]);
}

#[test]
fn several_things_that_somebody_did() {
    let fields = ["read_posts", "liked", "moderates", "settings"];
    assert_eq!(beside("ExportDataResponse.liked: Vec<Url", &fields), Some("user.behavior"));
    let fields = ["saved_articles", "muted_users"];
    assert_eq!(beside("Takeout.saved_articles: Vec<String", &fields), Some("user.behavior"));
    assert_eq!(beside("Takeout.saved_articles: Vec<String", &fields[..1]), None, "one list alone");
    assert_eq!(beside("Takeout.saved_articles: u32", &fields), None);
    assert_eq!(beside("Takeout.saved_articles: String", &fields), None, "no list");
    assert_eq!(beside("FilterConfig.hidden: Vec<String", &["hidden", "blocked"]), None);
    assert!(
        needs_company("liked") && needs_company("saved_posts") && !needs_company("liked_by_default_policy")
    );
}

#[test]
fn where_somebody_is_to_be_seen() {
    for place in ["Owner.url: Option<String", "GithubUser.html_url: String", "Author.profile_link: Url"] {
        assert_eq!(of(place), Some("user.unique_id"), "{place}");
    }
    none(&[
        "Crate.url: String",
        "Session.url: String",
        "User.inbox_limit_url: String",
        "UserEndpoint.url: String",
    ]);
    none(&["OwnerLinks.url: u32", "UserConfig.url: String"]);
    assert_eq!(of("User.website: String"), Some("user.contact.url"));
    none(&["Crate.homepage: String"]);
}

#[test]
fn responses_bring_records() {
    assert_eq!(beside("LookupResponse.ip: String", &["ip", "email"]), Some("user.device.ip_address"));
    assert_eq!(beside("LookupService.ip: String", &["ip", "email"]), None);
    let known = facts(PlaceKind::Field, "PaymentsResponse", "country", &["Option", "String"]);
    let hit = recognise(&Facts { holder_fields: &["account_name", "country"], ..known }).unwrap();
    assert!(!hit.counts(), "a payment's country may be anybody's: asked about and not followed");
}

#[test]
fn keys_of_programs_are_asked_about_and_not_followed() {
    for (holder, name) in [("Event", "service_key"), ("Setup", "segment_write_key"), ("App", "license_key")] {
        let hit = recognise(&facts(PlaceKind::Field, holder, name, &["String"])).unwrap();
        assert_eq!((hit.category, hit.confidence), (CREDENTIALS, Confidence::Medium), "{name}");
        assert!(!hit.counts(), "{name}");
    }
    assert!(
        recognise(&facts(PlaceKind::Field, "User", "website", &["String"])).is_some_and(|hit| !hit.counts())
    );
    none(&["Event.service_key_count: u32", "Map.service_key: Engine"]);
}

#[test]
fn a_device_among_what_signs_in() {
    assert_eq!(of("LoginClaims.device: String"), Some("user.device"));
    none(&["Row.device: String", "LoginConfig.device: String", "Session.device: Uuid"]);
    assert_eq!(of("Row.push_token: String"), Some("user.device.device_id"));
}

#[test]
fn accounts_of_programs_are_nobodys() {
    none(&[
        "SyncAccount.name: String",
        "BuiltinAccount.displayname: String",
        "ServiceAccount.username: String",
        "SystemUserRow.full_name: String",
        "BotAccount.description: String",
    ]);
    assert_eq!(of("ServiceAccount.api_token: String"), Some(CREDENTIALS));
    assert_eq!(of("SystemUser.password: String"), Some(PASSWORD));
    assert_eq!(of("ServiceAccount.email: String"), Some("user.contact.email"), "somebody reads it");
    for person in ["ApiUser.name: String", "SyncUser.name: String", "AppAccount.name: String"] {
        assert_eq!(of(person), Some("user.name"), "{person}");
    }
    let known = facts(PlaceKind::Parameter, "rename", "username", &["String"]);
    assert!(recognise(&known).is_some());
    assert!(recognise(&Facts { method_of: Some("ServiceAccount"), ..known }).is_none());
}

#[test]
fn passwords_that_nobody_may_have() {
    none(&[
        "Policy.common_passwords: Vec<String",
        "PasswordBadlist.password: String",
        "Policy.password_denylist: Vec<String",
        "Policy.blocklist_pw: Vec<String",
    ]);
    assert_eq!(of("Check.weak_password: String"), Some(PASSWORD), "somebody's that is weak");
    assert_eq!(of("BannedUser.password: String"), Some(PASSWORD));
    let known = facts(PlaceKind::Local, "exec", "inner_pw", &["Vec", "String"]);
    assert!(recognise(&known).is_some());
    assert!(recognise(&Facts { method_of: Some("PwBadlistOpt"), ..known }).is_none());
}

#[test]
fn who_signs_in_where_something_is_connected_to_is_the_operator() {
    let confidence = |fields: &[&str]| {
        let known = facts(PlaceKind::Field, "Database", "username", &["String"]);
        recognise(&Facts { holder_fields: fields, ..known }).map(|hit| hit.confidence)
    };
    assert!(confidence(&["username", "password", "host", "port"]) <= Some(Confidence::Low));
    assert!(confidence(&["username", "db_host", "dbname"]) <= Some(Confidence::Low));
    assert!(confidence(&["username", "password"]) > Some(Confidence::Low));
    assert_eq!(confidence(&["username", "report"]), confidence(&["username"]), "a part of a word is none");
}
