//! Kinds of records and names rather than words: what each of them tells, and what is near by and does not.

use super::{facts, outcome};
use crate::recognise::{
    Confidence, Facts, PlaceKind, TypeFacts, TypeShape, holds_else, kin, recognise, referred, type_may_tell,
    whole,
};

type Outcome = Option<(&'static str, Confidence)>;

const CREDENTIALS: &str = "user.authorization.credentials";
const PRIVATE: &str = "user.content.private";

fn beside(place: &str, fields: &[&str]) -> Outcome {
    owned(place, fields, None)
}

/// `Holder.name: Outer<Inner` in a record of which a field says whose it is.
fn owned(place: &str, fields: &[&str], owner: Option<&str>) -> Outcome {
    let (place, ty) = place.split_once(": ").unwrap();
    let ty: Vec<&str> = ty.split('<').collect();
    let (holder, name) = place.split_once('.').unwrap();
    let known = facts(PlaceKind::Field, holder, name, &ty);
    let hit = recognise(&Facts { holder_fields: fields, owner, ..known });
    hit.map(|hit| (hit.category, hit.confidence))
}

fn category(outcome: Outcome) -> Option<&'static str> {
    outcome.map(|(category, _)| category)
}

#[test]
fn the_name_of_what_somebody_keeps_is_not_the_persons() {
    let fields = ["owner_id", "name", "password_hash"];
    assert_eq!(category(owned("Safe.name: String", &fields, Some("owner_id"))), Some(PRIVATE));
    assert_eq!(category(owned("Safe.name: String", &fields, None)), Some("user.name"));
    let fields = ["owner_id", "name", "phone_number"];
    assert_eq!(category(owned("Guest.name: String", &fields, Some("owner_id"))), Some("user.name"));
    assert_eq!(category(owned("Reader.name: String", &fields, Some("owner_id"))), Some("user.name"));
    assert_eq!(owned("Team.name: String", &fields[..2], Some("owner_id")), None);
    assert_eq!(category(owned("Document.title: String", &fields[..2], Some("owner_id"))), Some(PRIVATE));
    assert_eq!(owned("Rule.condition: String", &fields[..2], Some("owner_id")), None);
}

#[test]
fn a_file_belongs_to_what_it_is_named_for() {
    assert_eq!([whole("send file"), whole("blog photo")], [Some("send"), Some("blog")]);
    assert_eq!([whole("file"), whole("send limit"), whole("")], [None; 3]);
}

#[test]
fn documents_in_a_record_that_somebody_fills() {
    let fields = ["owner_id", "title", "notes", "shapes", "metadata"];
    let told = |place: &str, fields: &[&str]| category(owned(place, fields, Some("owner_id")));
    assert_eq!(told("Draft.shapes: Option<Value", &fields), Some(PRIVATE));
    assert_eq!(told("Draft.shapes: Value", &fields[..2]), None, "too little prose to say what it is for");
    assert_eq!(told("Draft.metadata: Value", &fields), None);
    assert_eq!(told("Draft.shapes: Engine", &fields), None);
    assert_eq!(told("DraftSettings.shapes: Value", &fields), None);
    assert_eq!(beside("Draft.shapes: Value", &fields), None);
}

#[test]
fn what_is_done_to_somebody_says_why_and_nothing_of_theirs() {
    let told = |place: &str| category(owned(place, &["user_id"], Some("user_id")));
    assert_eq!(told("Complaint.reason: String"), Some(PRIVATE));
    for none in
        ["BanMember.reason: String", "UndoLock.summary: String", "Authentication.authentication_data: String"]
    {
        assert_eq!(told(none), None, "{none}");
    }
}

#[test]
fn a_second_factor_says_what_its_data_are() {
    for place in [
        "TwoFactor.data: String",
        "TwofactorRow.value_data: String",
        "TotpEnrollment.seed: Vec<u8",
        "TotpEnrollment.encrypted_totp_seed_hex: String",
        "DuoAccount.sk: String",
        "UserCredential.blob: Vec<u8",
        "AuthenticatorReply.signature: Base64UrlSafeData",
        "BackupCodes.codes: Vec<String",
    ] {
        assert_eq!(category(outcome(place)), Some(CREDENTIALS), "{place}");
    }
    for none in [
        "Page.data: String",
        "Commit.signature: String",
        "DuoAccount.host: String",
        "Totp.seed: Generator",
        "Totp.digits: u32",
        "TotpError.code: String",
        "TotpSettings.data: u32",
        "PublicKeyCredential.data: String",
        "TwoFactorMail.content: String",
        "Totp.seed_id: u64",
    ] {
        assert_eq!(outcome(none), None, "{none}");
    }
}

#[test]
fn what_is_said_of_a_person_describes_the_person() {
    for place in
        ["ScimPerson.description: String", "User.tagline: String", "MemberData.summary: Option<String"]
    {
        assert_eq!(category(outcome(place)), Some("user.demographic.profile"), "{place}");
    }
    for none in ["Crate.description: String", "UserGroup.description: String", "Session.description: String"]
    {
        assert_eq!(outcome(none), None, "{none}");
    }
}

#[test]
fn a_type_that_is_named_for_what_it_holds_tells() {
    let of = |kind, segments: &[&str]| {
        let ty = TypeFacts { segments, shape: TypeShape::Named };
        recognise(&Facts { ty, ..facts(kind, "Row", "from_what", &[]) })
    };
    let hit = of(PlaceKind::Field, &["Option", "DeviceId"]).unwrap();
    assert_eq!((hit.category, hit.confidence), ("user.device.device_id", Confidence::Medium));
    assert!(!hit.counts(), "it is followed from within the type");
    assert_eq!(of(PlaceKind::Field, &["TokenCount"]), None);
    assert_eq!(of(PlaceKind::Parameter, &["DeviceId"]), None);
}

#[test]
fn what_a_name_says_it_is_no_use_makes_something_else() {
    let text = TypeFacts::foreign(&["String"]);
    for (name, holder) in [
        ("is_known", "Form"),
        ("file_name", "Form"),
        ("host_name", "Form"),
        ("value", "MailConfig"),
        ("value", "Package"),
        ("value", "FormParser"),
    ] {
        assert!(holds_else(name, holder, &text), "{holder}.{name}");
    }
    assert!(holds_else("value", "Form", &TypeFacts::foreign(&["OrderId", "String"])));
    assert!(!holds_else("value", "Form", &text) && !holds_else("again", "ChangePassword", &text));
}

#[test]
fn the_digest_of_a_drawn_secret_is_asked_about_and_not_followed() {
    let hit = |name| recognise(&facts(PlaceKind::Field, "Row", name, &["Vec", "u8"])).unwrap();
    for name in ["hashed_token", "api_key_digest"] {
        let hit = hit(name);
        assert_eq!((hit.category, hit.confidence), (CREDENTIALS, Confidence::Medium), "{name}");
        assert!(!hit.counts(), "{name}");
    }
    assert!(hit("password_hash").counts(), "it can be guessed from");
    assert_eq!(hit("hashed_session_id").category, "user.unique_id.pseudonymous");
    assert_eq!(hit("master_key_authentication_hash").category, "user.authorization.password");
    assert_eq!(hit("master_password_authentication_hash").confidence, Confidence::High);
}

#[test]
fn kin_are_told_in_the_singular() {
    assert_eq!(kin("Attachments2Data"), kin("Attachment"));
    assert_eq!(kin("CreateEntries"), kin("Entry"));
    assert_ne!(kin("Address"), kin("Addres"));
    assert_eq!(referred("ciphers_uuid").as_deref(), Some("cipher"));
}

#[test]
fn a_reference_to_a_person_is_told_by_its_type() {
    let of = |name: &str, segments: &[&str]| {
        let ty = TypeFacts { segments, shape: TypeShape::Program };
        recognise(&Facts { ty, ..facts(PlaceKind::Field, "Follow", name, &[]) }).map(|hit| hit.category)
    };
    let id = Some("user.unique_id");
    assert_eq!(of("to", &["Option", "slice", "ObjectId", "ApubPerson"]), id);
    assert_eq!(of("object", &["Link", "User"]), id);
    assert_eq!(of("to", &["ObjectId", "PersonOrGroup"]), None);
    assert_eq!(of("actor", &["ObjectId", "PersonOrUser"]), id);
    assert_eq!([of("to", &["ObjectId", "Group"]), of("to", &["Grid", "User"])], [None, None]);
    assert_eq!([of("to", &["Link", "Session"]), of("to", &["User"])], [None, None]);
    assert!(type_may_tell("ObjectId") && type_may_tell("Link") && type_may_tell("JsonValue"));
    assert!(!type_may_tell("Grid") && !type_may_tell("Option") && !type_may_tell(""));
}

#[test]
fn words_written_together() {
    for (place, key) in [
        ("LoginForm.devicetype: String", "user.device"),
        ("Row.twofactor_secret: String", CREDENTIALS),
        ("Row.backupcode: String", CREDENTIALS),
        ("Row.streetaddress: String", "user.contact.address.street"),
        ("Row.dateofbirth: String", "user.demographic.date_of_birth"),
        ("Row.maritalstatus: String", "user.demographic.marital_status"),
    ] {
        assert_eq!(category(outcome(place)), Some(key), "{place}");
    }
    for none in
        ["Row.servername: String", "Row.statuscode: String", "Row.pagetoken: String", "Row.device: String"]
    {
        assert_eq!(outcome(none), None, "{none}");
    }
}

#[test]
fn whose_claims_they_are() {
    let sure = |place: &str, fields: &[&str]| beside(place, fields).map(|(_, confidence)| confidence);
    let medium = Some(Confidence::Medium);
    assert_eq!(sure("Claims.sub: String", &["sub", "exp", "email"]), medium);
    assert_eq!(sure("Claims.sub: String", &["sub", "exp", "auth_time"]), medium);
    assert_eq!(sure("LoginClaims.sub: String", &["sub", "exp"]), medium);
    assert_eq!(sure("IntrospectResponse.sub: String", &["sub", "iss", "exp", "username"]), medium);
    assert_eq!(sure("Grant.user_sub: String", &[]), medium);
    assert_eq!(sure("Claims.sub: String", &["sub", "exp"]), Some(Confidence::Low), "anybody's or anything's");
    assert_eq!(sure("OrgClaims.sub: String", &["sub", "exp", "email"]), None);
    assert_eq!(sure("ApiClaims.sub: String", &["sub", "exp"]), None);
    assert_eq!(sure("ContactForm.subject: String", &["subject", "email"]), None, "of a mail");
    assert_eq!(sure("Timer.sub: String", &["sub", "exp"]), None);
}

#[test]
fn parts_of_an_address_make_one() {
    let fields = ["street", "city", "state", "zip"];
    for (name, key) in [("state", "state"), ("city", "city"), ("street", "street")] {
        let key = format!("user.contact.address.{key}");
        assert_eq!(category(beside(&format!("BillTo.{name}: String"), &fields)), Some(key.as_str()));
    }
    assert_eq!(category(beside("BillTo.zip: String", &fields)), Some("user.contact.address"));
    assert_eq!(beside("Run.state: String", &["state", "city", "step"]), None);
    assert_eq!(beside("Run.state: String", &["state", "phase"]), None);
    assert_eq!(beside("StoreInfo.city: String", &fields), None);
}

#[test]
fn mail_in_settings_is_asked_about_and_not_followed() {
    let hit = |holder, name| recognise(&facts(PlaceKind::Field, holder, name, &["String"])).unwrap();
    for (holder, name) in [("Config", "mail_from_address"), ("SmtpOptions", "reply_to_address")] {
        let hit = hit(holder, name);
        assert_eq!((hit.category, hit.confidence), ("user.contact.email", Confidence::Medium));
        assert!(!hit.counts(), "{name}");
    }
    assert_eq!(hit("Config", "support_email").confidence, Confidence::Low);
    assert!(hit("UserSettings", "email").counts() && hit("Order", "email").counts());
    assert_eq!(outcome("Listener.from_address: String"), None);
}

#[test]
fn links_say_where_to_ask() {
    assert_eq!(outcome("CrateLinks.owner_user: String"), None);
    assert!(outcome("CrateOwnership.owner_user: String").is_some());
}

#[test]
fn what_others_call_it() {
    for (place, key) in [
        // passwd, LDAP, SCIM, OpenID, vCard, schema.org
        ("EtcUser.gecos: String", "user.name"),
        ("Row.patronymic: String", "user.name"),
        ("Person.cn: String", "user.name"),
        ("Entry.samaccountname: String", "user.account.username"),
        ("Entry.user_principal_name: String", "user.account.username"),
        ("User.zoneinfo: String", "user.location.imprecise"),
        ("Card.bday: String", "user.demographic.date_of_birth"),
        ("Row.place_of_birth: String", "user.demographic"),
        ("Row.ethnicity: String", "user.demographic.race_ethnicity"),
        ("Row.religion: String", "user.demographic.religious_belief"),
        ("Row.sexual_orientation: String", "user.demographic.sexual_orientation"),
        ("Row.political_affiliation: String", "user.demographic.political_opinion"),
        ("Row.tax_file_number: String", "user.government_id.national_identification_number"),
        ("Row.emergency_contact: String", "user.social.address_book"),
        ("Customer.po_box: String", "user.contact.address"),
        ("Address.state_or_province: String", "user.contact.address.state"),
        // PCI, banks
        ("Card.expiry_date: String", "user.payment.card_expiry"),
        ("Row.name_on_card: String", "user.name"),
        ("Row.ifsc_code: String", "user.financial.bank_account"),
        // FHIR
        ("Row.blood_group: String", "user.health_and_medical"),
        ("Row.nhs_number: String", "user.health_and_medical.record_id"),
        ("Row.genotype: String", "user.health_and_medical.genetic"),
        // OAuth, second factors
        ("Row.device_code: String", CREDENTIALS),
        ("Row.otpauth_url: String", CREDENTIALS),
        ("Row.saml_response: String", CREDENTIALS),
        ("Session.ua: String", "user.device"),
        ("GithubUser.avatar_url: String", "user.content.self_image"),
        ("Export.read_posts: Vec<Url", "user.behavior"),
        ("Row.driver_name: String", "user.name"),
        // What a holder completes.
        ("Mail.from: String", "user.contact.email"),
        ("Mail.from_address: String", "user.contact.email"),
    ] {
        assert_eq!(category(outcome(place)), Some(key), "{place}");
    }
    for none in [
        "Cert.cn: String",
        "Locale.ua: String",
        "Grant.expiry_date: String",
        "Reply.cvv_code: String",
        "Team.avatar_url: String",
        "Crate.read_path: String",
        "Column.driver_version: String",
        "Row.race: String",
        "Quota.rate: f64",
        "Device.passkey_count: u32",
        "Mail.retries: String",
        "Shell.pager: String",
        "Opcode.mnemonic: String",
        "Handshake.session_ticket: Vec<u8",
        "CertRequest.state_or_province: String",
        "Route.from: String",
    ] {
        assert_eq!(outcome(none), None, "{none}");
    }
}
