//! What the notice says of data at recipients, and which lint speaks of it: the order of precedence as a table.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cargo_privacy::datamap::{Basis, Channel, DataMap, Datum, Flow, NoticeId, PackageId, Part, Recipient};
use cargo_privacy::judge::{self, Clause, Verdict};
use cargo_privacy::lints;
use cargo_privacy::notice::{self, Form, Named, Notice, Role};
use cargo_privacy::source::{FileId, SourceMap, Span};
use cargo_privacy::taxonomy::Taxonomy;

const NOTICE: &str = r#"
[[recipient]]
name = "carrier"
role = "service-provider"
hosts = ["api.parcels.example", "*.parcels.example"]
calls = ["shipco::Client::*"]
may-receive = ["user.name", { category = "user.contact.email", as = ["keyed-hash"] }]

[[recipient]]
name = "labels"
role = "service-provider"
hosts = ["*.labels.parcels.example"]
calls = ["shipco::Client::label", "crate::labels::*"]

[[recipient]]
name = "banners"
role = "ad-company"
hosts = ["in.banners.example"]
may-receive = ["user.device.advertising_id", "user.contact.phone_number"]

[[recipient]]
name = "reach"
role = "ad-company"
hosts = ["reach.example"]

[[recipient]]
name = "our logs"
role = "log"
may-receive = ["user.device.ip_address"]

[[rule]]
to = { recipient = "labels" }
never = { categories = ["user.health_and_medical"] }

[[rule]]
to = { role = "public" }
only = { identifies = "pseudonymously" }
"#;

struct World {
    taxonomy: Taxonomy,
    notice: Notice,
}

fn world(text: &str) -> World {
    let (mut sources, mut taxonomy) = (SourceMap::default(), Taxonomy::builtin());
    let file = sources.add(PathBuf::from("privacy-notice.toml"), Arc::from(text));
    let mut read = |_: &Path| Err(std::io::Error::from(std::io::ErrorKind::NotFound));
    let (notice, _) = notice::load(file, &mut sources, &mut taxonomy, &mut read).expect("a valid notice");
    World { taxonomy, notice }
}

impl World {
    fn to(&self, name: &str) -> Recipient {
        match self.notice.recipients.iter().position(|r| r.name.value == name) {
            Some(index) => Recipient::Declared(index),
            None => match Role::parse(name) {
                Some(Role::Log | Role::Public) => Recipient::Own,
                role => Recipient::Undeclared { name: name.to_owned(), role },
            },
        }
    }

    fn verdict(&self, name: &str, category: &str, form: Form) -> Verdict {
        let category = self.taxonomy.resolve(category).expect("a category");
        judge::verdict(&self.notice, &self.taxonomy, &self.to(name), Role::parse(name), category, form)
    }

    /// The lints that speak, in the order of the registry.
    fn lints(self, name: &str, data: &[(&str, Form)]) -> Vec<&'static str> {
        let at = Span::new(FileId(0), 0, 0);
        let datum = |(category, form): &(&str, Form)| Datum {
            category: self.taxonomy.resolve(category).expect("a category"),
            form: *form,
            declared: None,
            path: "shop::User::field".to_owned(),
            source: at,
            basis: Basis::Annotated,
            steps: Vec::new(),
            approximations: Vec::new(),
            part: Part::Body,
            limited: Vec::new(),
        };
        let flow = Flow {
            sink: at,
            sink_name: "reqwest::RequestBuilder::json".to_owned(),
            channel: Channel::Network,
            recipient: self.to(name),
            role: Role::parse(name),
            plaintext: None,
            data: data.iter().map(datum).collect(),
            item: "shop::send".to_owned(),
            package: PackageId(0),
            notice: NoticeId(0),
        };
        let map = DataMap { flows: vec![flow], ..DataMap::of(self.taxonomy, vec![self.notice]) };
        // What the notice says of nothing here is another matter.
        let on_flows = |lint: &lints::Lint| lint.group != lints::Group::Notice || lint.name == "broken_rule";
        lints::run(&map, on_flows).iter().filter_map(|d| d.lint).collect()
    }
}

#[test]
fn the_closest_name_decides_whose_a_call_or_a_host_is() {
    let World { notice, .. } = world(NOTICE);
    let call =
        |path: &str| judge::recipient_for_call(&notice, &path.split("::").collect::<Vec<_>>(), "my-shop");
    assert_eq!(call("shipco::Client::send"), Some(0));
    assert_eq!(call("shipco::Client::label"), Some(1));
    assert_eq!(call("my_shop::labels::print"), Some(1));
    assert_eq!(call("other::labels::print"), None);
    let host = |host| judge::recipient_for_host(&notice, host);
    assert_eq!(host("API.parcels.example:443"), Some(0));
    assert_eq!(host("eu.labels.parcels.example"), Some(1));
    assert_eq!(host("*.labels.parcels.example"), Some(1), "a subdomain that is put together at run time");
    assert_eq!(host("parcels.example"), None);
    assert_eq!(host("evilparcels.example"), None);
}

#[test]
fn by_name_first_then_by_role_then_as_undeclared() {
    let w = world(NOTICE);
    assert!(matches!(
        w.verdict("carrier", "user.name.first", Form::Clear),
        Verdict::Permitted { by: Some(_) }
    ));
    assert!(matches!(w.verdict("carrier", "email", Form::KeyedHash), Verdict::Permitted { by: Some(_) }));
    let other_form = w.verdict("carrier", "email", Form::Clear);
    assert!(matches!(other_form, Verdict::NotListed { recipient: 0, in_other_form: Some(_) }));
    let unlisted = w.verdict("carrier", "health_and_medical", Form::Clear);
    assert!(matches!(unlisted, Verdict::NotListed { recipient: 0, in_other_form: None }));
    assert_eq!(w.verdict("labels", "email", Form::Clear), Verdict::Permitted { by: None });
    let never = w.verdict("labels", "genetic", Form::Clear);
    assert_eq!(never, Verdict::Forbidden { rule: 0, clause: Clause::Never });
    assert!(matches!(w.verdict("log", "ip_address", Form::Clear), Verdict::Permitted { by: Some(_) }));
    assert_eq!(w.verdict("nobody.example", "email", Form::Clear), Verdict::Undeclared);
}

#[test]
fn an_entry_without_calls_declares_no_third_party_but_itself() {
    let idle = "[[recipient]]\nname = \"printer\"\nrole = \"service-provider\"\n";
    assert_eq!(world(idle).lints("service-provider", &[("email", Form::Clear)]), ["undeclared_recipient"]);
}

#[test]
fn only_admits_what_identifies_less() {
    let w = world(NOTICE);
    assert!(matches!(w.verdict("public", "cookie_id", Form::Clear), Verdict::Permitted { by: Some(_) }));
    assert!(matches!(w.verdict("public", "gender", Form::Clear), Verdict::Permitted { by: Some(_) }));
    assert_eq!(
        w.verdict("public", "email", Form::Clear),
        Verdict::Forbidden { rule: 1, clause: Clause::Only }
    );
    assert!(matches!(w.verdict("public", "email", Form::KeyedHash), Verdict::Permitted { .. }));
}

#[test]
fn one_lint_speaks_of_a_datum() {
    let lints = |name, data: &[(&str, Form)]| world(NOTICE).lints(name, data);
    assert_eq!(lints("nobody.example", &[("email", Form::Clear)]), ["undeclared_recipient"]);
    assert_eq!(lints("carrier", &[("email", Form::Clear), ("name", Form::Clear)]), ["undeclared_sharing"]);
    assert_eq!(lints("labels", &[("genetic", Form::Clear)]), ["broken_rule"]);
    assert_eq!(lints("banners", &[("advertising_id", Form::Clear)]), Vec::<&str>::new());
    assert_eq!(
        lints("banners", &[("phone_number", Form::Clear)]),
        Vec::<&str>::new(),
        "the notice says so itself"
    );
    let all =
        lints("banners", &[("email", Form::Clear), ("email", Form::Hash), ("purchase_history", Form::Clear)]);
    assert_eq!(
        all,
        ["undeclared_sharing", "direct_identifier_to_ad_company", "hashed_identifier_to_ad_company"]
    );
    assert_eq!(lints("banners", &[("email", Form::KeyedHash)]), ["undeclared_sharing"]);
    assert_eq!(lints("reach", &[("email", Form::Clear)]), ["direct_identifier_to_ad_company"]);
    assert_eq!(lints("reach", &[("purchase_history", Form::Clear)]), Vec::<&str>::new());
}

#[test]
fn the_default_notice_judges_roles() {
    let default = "[notice]\nextends = \"default\"\n";
    let lints = |name, data: &[(&str, Form)]| world(default).lints(name, data);
    assert_eq!(lints("ad-company", &[("email", Form::Clear)]), ["direct_identifier_to_ad_company"]);
    assert_eq!(lints("ad-company", &[("advertising_id", Form::Clear)]), ["undeclared_recipient"]);
    let w = world(default);
    assert!(matches!(w.verdict("log", "email", Form::Masked), Verdict::Permitted { by: Some(_) }));
    assert!(matches!(w.verdict("log", "email", Form::Hash), Verdict::Forbidden { clause: Clause::Only, .. }));
    assert!(matches!(w.verdict("data-broker", "gender", Form::Aggregated), Verdict::Forbidden { .. }));
}
