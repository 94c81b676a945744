//! Names as programs write them: half of them personal, half of them only looking so.

#[path = "coverage.rs"]
mod coverage;
#[path = "generalised.rs"]
mod generalised;
#[path = "kinds.rs"]
mod kinds;

use super::{Confidence, Facts, PlaceKind, TypeFacts, TypeShape, recognise, recognise_type};

fn facts<'a>(kind: PlaceKind, holder: &'a str, name: &'a str, ty: &'a [&'a str]) -> Facts<'a> {
    let ty = match ty {
        ["unit enum"] => TypeFacts { segments: ty, shape: TypeShape::UnitEnum },
        ["program"] => TypeFacts { segments: ty, shape: TypeShape::Program },
        _ => TypeFacts::foreign(ty),
    };
    let holder = (!holder.is_empty()).then_some(holder);
    let (serde_name, doc, owner, method_of) = (None, None, None, None);
    Facts { kind, name, holder, method_of, holder_fields: &[], ty, serde_name, doc, owner }
}

/// `Holder.name: Outer<Inner>` for fields, `fn(name: Type)` for parameters, `let name: Type`, `-> name: Type` for results.
fn outcome(place: &str) -> Option<(&'static str, Confidence)> {
    let (place, ty) = place.split_once(": ").unwrap_or((place, ""));
    let ty: Vec<&str> = ty.trim_end_matches(')').split('<').filter(|part| !part.is_empty()).collect();
    let (kind, holder, name) = if let Some(name) = place.strip_prefix("let ") {
        (PlaceKind::Local, "", name)
    } else if let Some(name) = place.strip_prefix("-> ") {
        (PlaceKind::Function, "", name)
    } else if let Some((function, name)) = place.split_once('(') {
        (PlaceKind::Parameter, function, name.trim_end_matches(')'))
    } else if let Some((holder, name)) = place.split_once("::") {
        (PlaceKind::Variant, holder, name)
    } else {
        let (holder, name) = place.split_once('.').unwrap();
        (PlaceKind::Field, holder, name)
    };
    recognise(&facts(kind, holder, name, &ty)).map(|hit| (hit.category, hit.confidence))
}

const PERSONAL: &[(&str, &str, Confidence)] = {
    use Confidence::{High, Low, Medium};
    &[
        ("Order.email: String", "contact.email", High),
        ("Order.e_mail: Option<String", "contact.email", High),
        ("Order.billingEmail: String", "contact.email", High),
        ("Invite.emails: Vec<String", "contact.email", High),
        ("Invite.email_addresses: Vec<String", "contact.email", High),
        ("Verification.new_email: str", "contact.email", High),
        ("Account.mail: String", "contact.email", Medium),
        ("Message.to_mail_address: String", "contact.email", High),
        ("SmtpConfig.email: String", "contact.email", Medium),
        ("Order.support_email: String", "contact.email", Low),
        ("Log.email_hash: String", "contact.email", Medium),
        ("let email", "contact.email", Medium),
        ("let email: String", "contact.email", High),
        ("f(user_email: str)", "contact.email", High),
        ("-> email: String", "contact.email", Medium),
        ("-> get_user_email: Option<String", "contact.email", Medium),
        ("Contact::Email: String", "contact.email", Medium),
        ("let email_of_owner: String", "contact.email", High),
        ("Order.phone: String", "contact.phone_number", High),
        ("Order.phone_number: u64", "contact.phone_number", High),
        ("Order.mobileNumber: String", "contact.phone_number", High),
        ("Contact.mobile: String", "contact.phone_number", Medium),
        ("Order.telephone2: String", "contact.phone_number", High),
        ("Order.shipping_address: String", "contact.address", High),
        ("Customer.address: String", "contact.address", Medium),
        ("Order.customer_address: String", "contact.address", Medium),
        ("Order.postal_code: String", "contact.address", High),
        ("Customer.zip: String", "contact.address", Medium),
        ("User.name: String", "user.name", Medium),
        ("NewUser.name: str", "user.name", Medium),
        ("UserRow.display_name: Option<String", "user.name", Medium),
        ("Order.customer_name: String", "user.name", High),
        ("Order.first_name: String", "user.name", High),
        ("Booking.lastName: String", "user.name", High),
        ("Booking.passenger_names: Vec<String", "user.name", High),
        ("create_user(name: str)", "user.name", Low),
        ("Login.username: String", "account.username", High),
        ("f(user_name: str)", "account.username", High),
        ("User.login: String", "account.username", Medium),
        ("ProxyConfig.username: String", "account.username", Low),
        ("let kafka_username: String", "account.username", Low),
        ("Event.user_id: i32", "unique_id.pseudonymous", Low),
        ("Event.user_id: String", "unique_id", Low),
        ("Login.password: String", "authorization.password", High),
        ("Login.password_hash: Vec<u8", "authorization.password", High),
        ("Login.master_password_hint: String", "authorization.password", High),
        ("DatabaseConfig.password: String", "authorization.password", Medium),
        ("Config.database_url: String", "authorization.credentials", Medium),
        ("Settings.redis_url: Option<String", "authorization.credentials", Medium),
        ("Options.connection_string: String", "authorization.credentials", Medium),
        ("DatabaseConfig.dsn: String", "authorization.credentials", Medium),
        ("let db_url: String", "authorization.credentials", Medium),
        ("connect(mongo_uri: str)", "authorization.credentials", Medium),
        ("let smtp_password: String", "authorization.password", Medium),
        ("f(passwd: SecretString)", "authorization.password", High),
        ("Wallet.passphrase: Zeroizing<String", "authorization.password", High),
        ("Web.session_id: String", "authorization.session_id", Medium),
        ("Web.session_id: Uuid", "unique_id.pseudonymous", Low),
        ("User.hashed_api_key: String", "authorization.credentials", Medium),
        ("Session.token_hash: Vec<u8", "authorization.credentials", Medium),
        ("Reply.access_token: String", "authorization.credentials", High),
        ("Reply.refreshToken: String", "authorization.credentials", High),
        ("let jwt", "authorization.credentials", Medium),
        ("Session.token: String", "authorization.credentials", Medium),
        ("Confirmation.token: String", "authorization.credentials", Medium),
        ("let token: String", "authorization.credentials", Medium),
        ("let f_token: String", "authorization.credentials", Medium),
        ("IceCreds.pass: String", "authorization.password", Medium),
        ("Packet.source: SocketAddr", "device.ip_address", High),
        ("Value::RadiusCred: String", "authorization.credentials", Medium),
        ("let f_token: JwsCompact", "authorization.credentials", Medium),
        ("f(peer: IpAddr)", "device.ip_address", High),
        ("Candidate.addr: SocketAddr", "device.ip_address", Medium),
        ("CompletionRequest.prompt: String", "content.private", Medium),
        ("LoginToken.reset_token: String", "authorization.credentials", High),
        ("Form.csrf_token: String", "authorization.credentials", High),
        ("User.totp_2fa_secret: Option<String", "authorization.credentials", High),
        ("let otp: String", "authorization.credentials", High),
        ("f(authorization: HeaderValue)", "authorization.credentials", High),
        ("User.api_key: String", "authorization.credentials", Medium),
        ("MetricsConfig.auth_token: String", "authorization.credentials", Medium),
        ("MetricsClient.auth_token: String", "authorization.credentials", Low),
        ("Card.number: String", "payment.card_number", Medium),
        ("CardDetails.expiry: String", "payment.card_expiry", Medium),
        ("Phone.number: String", "contact.phone_number", Medium),
        ("ScimAddress.locality: String", "contact.address.city", Medium),
        ("BillingAddress.country: String", "contact.address.country", Medium),
        ("OAuthCallback.code: String", "authorization.credentials", Medium),
        ("Body.code: AuthorizationCode", "authorization.credentials", High),
        ("UserSettingsBackup.display_name: String", "user.name", Medium),
        ("f(storage_auth_token: Option<String)", "authorization.credentials", High),
        ("Scan.wifi_password: String", "authorization.wifi_credentials", High),
        ("Entry.client_ip: IpAddr", "device.ip_address", High),
        ("Entry.remote_addr: SocketAddr", "device.ip_address", High),
        ("let real_ip", "device.ip_address", Medium),
        ("LoginToken.ip_address: String", "device.ip_address", High),
        ("LoginAttempt.x_forwarded_for: String", "device.ip_address", High),
        ("Session.ip: IpAddr", "device.ip_address", Medium),
        ("Request.cookie: String", "device.cookie_id", High),
        ("f(cookies: CookieJar)", "device.cookie_id", High),
        ("Push.device_id: String", "device.device_id", High),
        ("Push.imei: String", "device.device_id", High),
        ("Bid.idfa: String", "device.advertising_id", High),
        ("Bid.advertising_id: Uuid", "device.advertising_id", Medium),
        ("Entry.user_agent: String", "user.device", High),
        ("Entry.trusted_devices: Vec<String", "device.linked_devices", Medium),
        ("Reply.latitude: f64", "location.precise", High),
        ("User.lat: f64", "location.precise", Medium),
        ("Visitor.city: String", "contact.address.city", Medium),
        ("User.timezone: String", "location.imprecise", Medium),
        ("Form.date_of_birth: NaiveDate", "date_of_birth", High),
        ("Form.dob: String", "date_of_birth", High),
        ("Patient.age: u8", "age_range", Medium),
        ("Form.gender: String", "demographic.gender", Medium),
        ("Person.bio: Option<String", "demographic.profile", Medium),
        ("Form.ssn: String", "national_identification_number", High),
        ("Buyer.national_identification_number: String", "national_identification_number", High),
        ("Form.driver_license_number: String", "drivers_license_number", High),
        ("Form.passport_number: String", "government_id", High),
        ("Charge.card_number: String", "payment.card_number", High),
        ("Charge.pan: u64", "payment.card_number", High),
        ("Charge.cvv: u16", "payment.card_security_code", High),
        ("Charge.track2_data: String", "payment.card_track_data", High),
        ("Charge.card_exp_month: String", "payment.card_expiry", High),
        ("Bank.iban: String", "financial.bank_account", High),
        ("Loan.credit_score: u32", "financial.credit_history", High),
        ("Job.salary: f64", "user.financial", High),
        ("Visit.diagnosis: String", "health_and_medical", High),
        ("Gate.face_embedding: Vec<u8", "user.biometric", High),
        ("Call.voice_recording: Bytes", "biometric.voice", High),
        ("Store.cctv_images: Vec<u8", "user.sensor", Medium),
        ("UserProfile.avatar: String", "content.self_image", Medium),
        ("Mail.email_body: String", "content.email_body", Medium),
        ("Chat.private_message: String", "content.private", High),
        ("Shop.review_text: String", "content.public", Medium),
        ("App.address_book: Vec<String", "social.address_book", High),
        ("Referral.friend_email: String", "social.contact_email", High),
        ("Search.search_query: String", "search_history", High),
        ("Shop.order_history: Vec<String", "purchase_history", High),
        ("Entry.referer: String", "browsing_history", High),
        ("Tv.watch_history: Vec<String", "media_consumption", High),
        ("Feed.user_activity: String", "user.behavior", Medium),
        ("Report.crash_dump: Vec<u8", "user.telemetry", Medium),
        ("User.company: String", "contact.organization", Medium),
        ("Order.customer_number: String", "user.account", Medium),
        ("App.user_preferences: String", "account.settings", Medium),
        ("Web.session_token: String", "authorization.session_id", High),
        ("Invite.invited_by_email: String", "contact.email", High),
        ("Grant.grantor_name: String", "user.name", Medium),
        ("User.gh_avatar: String", "content.self_image", Medium),
        ("Note.attributed_to: Url", "user.unique_id", Medium),
        ("WorkMail.value: String", "contact.email", Medium),
        ("PhoneNumber.value: String", "contact.phone_number", Medium),
        ("IntegrationKeyOut.key: String", "authorization.credentials", Medium),
        ("SinkSecretOut.key: String", "authorization.credentials", Medium),
        ("User.title: String", "user.job_title", Medium),
        ("Import.password_import: String", "authorization.password", Medium),
        ("Cipher.password_history: String", "authorization.password", Medium),
        ("Follow.follower_id: i32", "unique_id.pseudonymous", Low),
        ("Post.created_by: Uuid", "unique_id.pseudonymous", Low),
        ("User.external_id: String", "user.unique_id", Medium),
        ("Person.ap_id: Url", "user.unique_id", Medium),
        ("JwtClaims.sub: String", "user.unique_id", Low),
        ("LoginJwtClaims.sub: String", "user.unique_id", Medium),
        ("JwtClaims.sub: Uuid", "unique_id.pseudonymous", Low),
        ("OidcUser.identifier: String", "user.unique_id", Medium),
        ("Expire.session_ids: Vec<String", "unique_id.pseudonymous", Low),
        ("ChangeOwners.owners: Vec<String", "account.username", Medium),
        ("RepoConfig.repository_owner: String", "account.username", Medium),
        ("DbConfig.user: String", "account.username", Low),
        ("Activity.actor: Url", "user.unique_id", Medium),
        ("GroupRequest.users: Vec<MembershipId", "unique_id.pseudonymous", Low),
        ("Address.street_address: String", "address.street", High),
        ("Name.honorific_prefix: String", "user.name", Medium),
        ("Person.matrix_user_id: String", "account.username", Medium),
        ("SyncConfig.sync_token: String", "authorization.credentials", Medium),
        ("SinkConfig.key: String", "authorization.credentials", Medium),
        ("AvatarData.avatar_color: String", "account.settings", Medium),
        ("UserSettings.accent: String", "account.settings", Medium),
    ]
};

const OTHER: &[&str] = &[
    "Order.email_enabled: bool",
    "User.email_verified: bool",
    "User.has_phone: String",
    "User.is_name: String",
    "Mail.email_template: String",
    "Mail.email_service: String",
    "Mail.email_client: Client",
    "Mail.mailer: Mailer",
    "User.email_count: u32",
    "User.num_emails: u32",
    "User.email: u32",
    "User.max_password: String",
    "User.email_verified_at: DateTime",
    "User.email_confirmed_by: String",
    "User.email: program",
    "User.email: unit enum",
    "User.password_expiry: DateTime",
    "User.password_len: usize",
    "User.password_policy: String",
    "Rules.password_regex: Regex",
    "App.email_regex: String",
    "App.phone_format: String",
    "App.phone_type: String",
    "App.phone_kind: String",
    "App.email_domain: String",
    "App.email_size: u64",
    "App.password_path: String",
    "App.password_file: PathBuf",
    "App.email_url_prefix: String",
    "Cargo.name: String",
    "Crate.name: String",
    "Table.name: String",
    "File.name: String",
    "Config.name: String",
    "User.file_name: String",
    "User.host_name: String",
    "User.role_name: String",
    "User.group_name: String",
    "UserTable.name: String",
    "UserService.name: String",
    "SessionStore.name: String",
    "Worker.name: String",
    "Tenant.name: String",
    "QueueSender.name: String",
    "Task.address: u64",
    "Server.bind_address: SocketAddr",
    "Server.listen_addr: String",
    "Node.local_addr: SocketAddr",
    "Cpu.memory_address: usize",
    "User.mac_address: String",
    "Net.ip: IpAddr",
    "Bind.ip: IpAddr",
    "Rules.address: SocketAddr",
    "Page.next_token: String",
    "Page.page_token: String",
    "Page.continuation_token: String",
    "Page.cursor: String",
    "ResponseMessage.text: String",
    "CardConfig.number: String",
    "Card.numbers_seen: u64",
    "Session.id: String",
    "OAuthError.code: String",
    "Country.code: String",
    "Cell.locality: String",
    "Header.key: String",
    "Task.cancellation_token: CancellationToken",
    "Lexer.token: String",
    "Parser.secret: String",
    "Tokenizer.tokens: Vec<String",
    "Ast.token: Token",
    "Macro.token: TokenStream",
    "User.token: unit enum",
    "Cache.key: String",
    "Cache.cache_key: String",
    "Map.hash: String",
    "Map.key_name: String",
    "User.public_key: String",
    "Db.session: Session",
    "User.id: Uuid",
    "User.id: i64",
    "Order.id: String",
    "Order.number: u64",
    "Order.code: String",
    "User.status_code: u16",
    "Error.message: String",
    "User.error_message: String",
    "Commit.commit_message: String",
    "Http.body: Bytes",
    "User.source_location: String",
    "Span.location: String",
    "Sort.sort_order: String",
    "Config.database_name: String",
    "Config.base_url: String",
    "Config.url: String",
    "Config.url_prefix: String",
    "Service.url: Url",
    "Config.database_url_scheme: String",
    "Config.database_url: bool",
    "Config.dsn: u16",
    "Config.redis_url_set: bool",
    "Config.jwt_ttl: u64",
    "Config.cookie_name: String",
    "Config.session_ttl: Duration",
    "App.user_agent_parser: String",
    "User.age: Formatter",
    "User.gender: unit enum",
    "Cache.max_age: u64",
    "Cache.age: u64",
    "Bus.order: String",
    "Proto.byte_order: String",
    "let name",
    "let name: String",
    "let address: String",
    "let bos_token: String",
    "Listener.addr: SocketAddr",
    "Event.source: String",
    "Wizard.prompt: String",
    "let key: String",
    "let message: String",
    "let id: Uuid",
    "let ip: String",
    "let code: String",
    "let location: String",
    "let body: String",
    "let n_emails: usize",
    "let has_email",
    "let do_send_email",
    "let email_count",
    "let password_ok",
    "f(name: str)",
    "open(path: str)",
    "parse(token: str)",
    "connect(addr: SocketAddr)",
    "get(key: str)",
    "find_file(location: str)",
    "-> validate_email: Result<String",
    "-> send_email: String",
    "-> hash_password: String",
    "-> mask_email: String",
    "-> new_credential: Self",
    "-> check_password",
    "-> set_username: String",
    "Shape::Name: String",
    "Event::Message: String",
    "Error::Address: String",
    "Org.name: String",
    "Team.display_name: String",
    "Team.spn: String",
    "PublicKey.key: String",
    "CacheKey.key: String",
    "Order.value: f64",
    "Email.value: program",
    "MailConfig.value: String",
    "Token.value: u64",
    "Query.sorted_by_name: String",
    "Post.title: String",
    "Packet.salt: String",
    "Post.follower_count: i64",
    "Invite.invited_by: String",
    "Rows.grouped_by_user: bool",
    "Job.owner: Sender",
    "Map.keys: Vec<String",
    "ForeignKey.key: String",
    "Slot.value: String",
    "Bucket.external_id: String",
    "Site.theme: String",
    "UnixGroupToken.spn: String",
    "GroupNamedMembers.name: String",
    "Users.name: String",
    "Actor.followers: Url",
    "Page.sync_token: String",
    "Site.external_id: String",
    "Post.ordered_by: String",
    "Config.person_attr_mail: String",
    "Config.disable_sync_token: String",
    "Stats.subscribers: i32",
    "Group.owner: program",
    "TeamSettings.accent: String",
    "UserSettings.accent: u32",
    "Table.map_key: String",
    "Claim.subject: bool",
    "Upload.file_name: String",
    "Comment.reason: String",
    "Invoice.description: String",
];

#[test]
fn personal_names() {
    let wrong: Vec<_> = PERSONAL
        .iter()
        .map(|(place, category, confidence)| (place, category, *confidence, outcome(place)))
        .filter(|(_, category, confidence, found)| {
            !found.is_some_and(|(key, sure)| key.ends_with(*category) && sure == *confidence)
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn names_that_only_look_personal() {
    let wrong: Vec<_> = OTHER.iter().filter_map(|place| Some((place, outcome(place)?))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(OTHER.len() >= PERSONAL.len());
}

#[test]
fn fields_beside_make_a_person() {
    let mut facts = facts(PlaceKind::Field, "Booking", "name", &["String"]);
    assert_eq!(recognise(&facts), None);
    facts.holder_fields = &["name", "date_of_birth"];
    let hit = recognise(&facts).unwrap();
    assert_eq!((hit.category, hit.confidence), ("user.name", Confidence::Medium));
    assert_eq!(hit.evidence, "the field is named `name` beside `date_of_birth` and holds text");
    facts.holder = Some("OrganizationData");
    assert_eq!(recognise(&facts), None);
}

#[test]
fn a_list_of_addresses_beside_makes_no_person() {
    let mut facts = facts(PlaceKind::Field, "Dispatch", "name", &["String"]);
    facts.holder_fields = &["name", "emails"];
    assert_eq!(recognise(&facts), None);
    facts.holder_fields = &["name", "email"];
    assert!(recognise(&facts).is_some());
}

#[test]
fn a_link_to_a_person_says_whom_by_its_type() {
    let of = |name, outer| {
        let ty = TypeFacts { segments: &[outer, "ApubPerson"][..], shape: TypeShape::Program };
        recognise(&Facts { ty, ..facts(PlaceKind::Field, "Report", name, &[]) }).map(|hit| hit.category)
    };
    assert_eq!(of("actor", "ObjectId"), Some("user.unique_id"));
    assert_eq!(of("attributed_to", "ObjectId"), Some("user.unique_id"));
    assert_eq!(of("target", "ObjectId"), Some("user.unique_id"));
    assert_eq!([of("actor", "Vec"), of("target", "Grid")], [None, None]);
}

#[test]
fn a_login_beside_makes_a_person() {
    let field = |fields| {
        let known = facts(PlaceKind::Field, "Card", "displayname", &["String"]);
        recognise(&Facts { holder_fields: fields, ..known })
    };
    assert_eq!(field(&["displayname", "spn"]).unwrap().category, "user.name");
    assert_eq!(field(&["displayname", "token"]), None);
}

#[test]
fn the_name_beside_one_for_display_is_for_signing_in() {
    let plain = facts(PlaceKind::Field, "User", "name", &["String"]);
    for (beside, category) in [("created", "user.name"), ("displayname", "user.account.username")] {
        let hit = recognise(&Facts { holder_fields: &["name", beside], ..plain }).unwrap();
        assert_eq!((hit.category, hit.counts()), (category, true));
    }
}

#[test]
fn what_everybody_sees_is_proposed_and_not_followed() {
    let mut facts = facts(PlaceKind::Field, "Person", "bio", &["String"]);
    assert!(recognise(&facts).unwrap().counts());
    facts.holder_fields = &["bio", "avatar", "inbox_url"];
    let hit = recognise(&facts).unwrap();
    assert_eq!((hit.confidence, hit.counts()), (Confidence::Medium, false));
}

#[test]
fn an_owner_beside_makes_a_record_a_persons_and_not_the_person() {
    let mut avatar = facts(PlaceKind::Field, "GithubRow", "avatar", &["String"]);
    assert_eq!(recognise(&avatar), None);
    avatar.owner = Some("user_id");
    let hit = recognise(&avatar).unwrap();
    assert_eq!(
        (hit.category, hit.confidence, hit.counts()),
        ("user.content.self_image", Confidence::Medium, false)
    );
    let device = Facts { owner: Some("user_id"), ..facts(PlaceKind::Field, "Device", "name", &["String"]) };
    assert_eq!(recognise(&device).unwrap().category, "user.device");
}

#[test]
fn whose_record_it_is() {
    let told = |fields: &[&'static str]| super::owner_of(fields.iter().copied());
    assert_eq!(told(&["id", "post_creator_id", "text"]), Some("post_creator_id"));
    assert_eq!(told(&["attributed_to"]), Some("attributed_to"));
    assert_eq!(told(&["user"]), Some("user"));
    for none in ["sender", "users", "user_name", "id", "published_by", "community_id", ""] {
        assert_eq!(told(&[none]), None, "{none}");
    }
    assert_eq!(super::referred("cipher_uuid").as_deref(), Some("cipher"));
    assert_eq!(
        [super::referred("id"), super::referred("crate_id"), super::referred("cipher")],
        [None, None, None]
    );
    for form in ["Comment", "CreateComment", "CommentUpdateForm", "NewComment", "CommentInsertForm"] {
        assert_eq!(super::kin(form), "comment", "{form}");
    }
    assert_eq!(super::kin("RemoveComment"), "remove comment");
    assert_eq!(super::kin("PostUpdateForm"), "post");
}

#[test]
fn a_key_beside_a_password_is_secret() {
    let mut facts = facts(PlaceKind::Field, "ChangePassData", "key", &["String"]);
    assert_eq!(recognise(&facts), None);
    facts.holder_fields = &["new_password_hash", "key"];
    let hit = recognise(&facts).unwrap();
    assert_eq!((hit.category, hit.confidence), ("user.authorization.credentials", Confidence::Medium));
}

#[test]
fn documentation_only_proposes() {
    let mut facts = facts(PlaceKind::Field, "Booking", "name", &["String"]);
    facts.doc = Some("How the customer is called.");
    assert_eq!(recognise(&facts).unwrap().confidence, Confidence::Low);
}

#[test]
fn serialised_names_count() {
    let mut facts = facts(PlaceKind::Field, "Reply", "value", &["String"]);
    facts.serde_name = Some("emailAddress");
    assert_eq!(recognise(&facts).unwrap().evidence, "the field is named `emailAddress` and holds text");
}

#[test]
fn keys_columns_and_constants() {
    let sure = |kind, name| recognise(&facts(kind, "", name, &[])).map(|hit| hit.confidence);
    assert_eq!(sure(PlaceKind::MapKey, "X-Forwarded-For"), Some(Confidence::Medium));
    assert_eq!(sure(PlaceKind::Column, "email"), Some(Confidence::High));
    assert_eq!(sure(PlaceKind::Const, "USER_AGENT"), Some(Confidence::Low));
    assert_eq!(sure(PlaceKind::TypeName, "AccessToken"), Some(Confidence::High));
}

#[test]
fn types_by_name() {
    let found = |path: &[&str]| recognise_type(path).map(|hit| (hit.category, hit.confidence));
    assert_eq!(found(&["http", "HeaderMap"]), Some(("user.authorization.credentials", Confidence::High)));
    assert_eq!(found(&["lettre", "Mailbox"]), Some(("user.contact.email", Confidence::High)));
    assert_eq!(found(&["PhoneNumber"]), Some(("user.contact.phone_number", Confidence::High)));
    assert_eq!(found(&["IbanNumberless", "Iban"]), Some(("user.financial.bank_account", Confidence::Medium)));
    for other in [
        "IpAddr",
        "SocketAddr",
        "String",
        "EmailService",
        "Token",
        "Session",
        "UserName2Id",
        "CancellationToken",
    ] {
        assert_eq!(found(&[other]), None, "{other}");
    }
    assert_eq!(found(&[]), None);
}
