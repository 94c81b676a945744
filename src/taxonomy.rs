//! Data categories: a tree of Fideslang keys, each with how directly it identifies a person. The built-in rows are data
//! (`taxonomy/*.tsv`). Knows nothing of code, of notices or of files at run time.

use std::sync::OnceLock;

/// A category of a [`Taxonomy`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct CategoryId(pub u16);

/// How directly a category identifies a person.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Identifies {
    /// By itself: a name, an e-mail address.
    Directly,
    /// Through a pseudonym: a cookie, a device.
    Pseudonymously,
    /// Not by itself.
    No,
}

/// How a category is to be protected, whatever the notice says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Sensitivity {
    /// Little by itself.
    Low,
    /// Personal data.
    Personal,
    /// A pseudonymous identifier.
    Identifier,
    /// Names a person.
    Direct,
    /// Financial standing.
    Financial,
    /// About somebody other than the user.
    ThirdPerson,
    /// Special categories of data protection law.
    Special,
    /// Government identifiers.
    Government,
    /// Card data under PCI DSS.
    Pci,
    /// Passwords, tokens, keys.
    Credential,
}

impl Identifies {
    /// All, with their names in a notice.
    pub const ALL: [(&'static str, Self); 3] =
        [("directly", Self::Directly), ("pseudonymously", Self::Pseudonymously), ("no", Self::No)];

    /// Its name in a notice.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Directly => "directly",
            Self::Pseudonymously => "pseudonymously",
            Self::No => "no",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == text).map(|(_, value)| *value)
    }

    /// What a category of a notice's own must at least be protected as.
    fn least_sensitivity(self) -> Sensitivity {
        match self {
            Self::Directly => Sensitivity::Direct,
            Self::Pseudonymously => Sensitivity::Identifier,
            Self::No => Sensitivity::Low,
        }
    }
}

impl Sensitivity {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "low" => Self::Low,
            "personal" => Self::Personal,
            "identifier" => Self::Identifier,
            "direct" => Self::Direct,
            "financial" => Self::Financial,
            "third_person" => Self::ThirdPerson,
            "special" => Self::Special,
            "government" => Self::Government,
            "pci" => Self::Pci,
            "credential" => Self::Credential,
            _ => return None,
        })
    }
}

/// One category.
#[derive(Clone, Debug)]
pub struct Category {
    /// The whole key: `user.contact.email`.
    pub key: String,
    /// How directly it identifies.
    pub identifies: Identifies,
    /// How it is to be protected.
    pub sensitivity: Sensitivity,
}

/// An everyday kind of data and the category it falls under.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DataType {
    /// Its name: `email_address`.
    pub name: &'static str,
    /// The category's key.
    pub key: &'static str,
    /// The corresponding term of the Data Privacy Vocabulary.
    pub dpv: &'static str,
}

/// Why a written category names none, or more than one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unresolved {
    /// The last part of several keys; these.
    Ambiguous(Vec<String>),
    /// Of none; the nearest that exist, best first.
    Unknown(Vec<String>),
}

/// Why a category could not be added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AddError {
    /// It is not a key: dot-separated words of lower case letters, digits and underscores.
    Malformed,
    /// It exists, and identifies otherwise or is built in.
    Exists(CategoryId),
    /// What it should lie below does not exist; the missing key, and what is near it.
    NoParent(String, Vec<String>),
    /// There are as many categories as ids can tell apart.
    TooMany,
}

/// The categories of a run: the built-in ones and those that notices add.
#[derive(Clone, Debug, Default)]
pub struct Taxonomy {
    categories: Vec<Category>,
    /// How many of them are built in.
    built_in: usize,
}

impl Taxonomy {
    /// The category behind an id.
    #[must_use]
    pub fn get(&self, id: CategoryId) -> &Category {
        &self.categories[id.0 as usize]
    }

    /// The embedded tree.
    #[must_use]
    pub fn builtin() -> Self {
        let categories: Vec<Category> =
            rows(include_str!("taxonomy/categories.tsv")).filter_map(category).collect();
        Self { built_in: categories.len(), categories }
    }

    /// All categories with their ids, in order: the built-in ones by key, then those added.
    pub fn iter(&self) -> impl Iterator<Item = (CategoryId, &Category)> {
        self.categories.iter().enumerate().map(|(i, c)| (CategoryId(i as u16), c))
    }

    /// The category with exactly this key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<CategoryId> {
        self.iter().find(|(_, c)| c.key == key).map(|(id, _)| id)
    }

    /// The category that a person wrote: a whole key, or its end where that belongs to one key only.
    ///
    /// # Errors
    /// Where it names none or several.
    pub fn resolve(&self, written: &str) -> Result<CategoryId, Unresolved> {
        if let Some(id) = self.find(written) {
            return Ok(id);
        }
        let ending: Vec<CategoryId> =
            self.iter().filter(|(_, c)| ends_with_parts(&c.key, written)).map(|(id, _)| id).collect();
        match ending.as_slice() {
            [id] => Ok(*id),
            [] => Err(Unresolved::Unknown(self.nearest(written))),
            several => {
                Err(Unresolved::Ambiguous(several.iter().map(|id| self.get(*id).key.clone()).collect()))
            }
        }
    }

    /// Whether `a` is `b` or lies below it.
    #[must_use]
    pub fn is_within(&self, a: CategoryId, b: CategoryId) -> bool {
        let (below, above) = (&self.get(a).key, &self.get(b).key);
        below.strip_prefix(above.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// The category directly above.
    #[must_use]
    pub fn parent(&self, id: CategoryId) -> Option<CategoryId> {
        self.find(self.get(id).key.rsplit_once('.')?.0)
    }

    /// Adds a category below one that exists. Its sensitivity is that of what it lies below, or what `identifies`
    /// asks for where that is more. Adding the same again yields the same id.
    ///
    /// # Errors
    /// Where the key is malformed, taken, or hangs in the air.
    pub fn add(&mut self, key: &str, identifies: Identifies) -> Result<CategoryId, AddError> {
        if !is_key(key) {
            return Err(AddError::Malformed);
        }
        if let Some(id) = self.find(key) {
            let same = id.0 as usize >= self.built_in && self.get(id).identifies == identifies;
            return if same { Ok(id) } else { Err(AddError::Exists(id)) };
        }
        let above = key.rsplit_once('.').map_or("", |(above, _)| above);
        let Some(parent) = self.find(above) else {
            return Err(AddError::NoParent(above.to_owned(), self.nearest(above)));
        };
        let id = u16::try_from(self.categories.len()).map_err(|_| AddError::TooMany)?;
        let sensitivity = self.get(parent).sensitivity.max(identifies.least_sensitivity());
        self.categories.push(Category { key: key.to_owned(), identifies, sensitivity });
        Ok(CategoryId(id))
    }

    /// The keys that somebody who wrote this may have meant, best first, at most three.
    fn nearest(&self, written: &str) -> Vec<String> {
        let folded = written.to_lowercase().replace('-', "_");
        let mut scored: Vec<(f64, &str)> =
            self.iter().map(|(_, c)| (likeness(&c.key, &folded), c.key.as_str())).collect();
        scored.extend(data_types().iter().map(|t| (strsim::jaro_winkler(t.name, &folded), t.key)));
        scored.retain(|(score, _)| *score > 0.85);
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let mut keys: Vec<String> = Vec::new();
        for (_, key) in scored {
            if keys.len() < 3 && !keys.iter().any(|k| k == key) {
                keys.push(key.to_owned());
            }
        }
        keys
    }
}

/// The everyday kinds of data that notices speak of, and where each stands in the tree.
#[must_use]
pub fn data_types() -> &'static [DataType] {
    static TYPES: OnceLock<Vec<DataType>> = OnceLock::new();
    TYPES.get_or_init(|| {
        let parsed = rows(include_str!("taxonomy/data-types.tsv"));
        parsed.map(|[name, key, dpv]| DataType { name, key, dpv }).collect()
    })
}

/// The rows of a table with three columns, comments left out.
fn rows(table: &'static str) -> impl Iterator<Item = [&'static str; 3]> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        Some([columns.next()?, columns.next()?, columns.next()?])
    })
}

fn category([key, identifies, sensitivity]: [&str; 3]) -> Option<Category> {
    Some(Category {
        key: key.to_owned(),
        identifies: Identifies::parse(identifies)?,
        sensitivity: Sensitivity::parse(sensitivity)?,
    })
}

/// Whether `end` is a suffix of whole parts of `key`.
fn ends_with_parts(key: &str, end: &str) -> bool {
    key.strip_suffix(end).is_some_and(|front| front.ends_with('.'))
}

/// A whole key is compared with whole keys, a last part with last parts.
fn likeness(key: &str, written: &str) -> f64 {
    let last = key.rsplit('.').next().unwrap_or(key);
    match written.rsplit_once('.') {
        None => strsim::jaro_winkler(last, written),
        Some((_, end)) => {
            strsim::normalized_levenshtein(key, written).max(0.98 * strsim::jaro_winkler(last, end))
        }
    }
}

fn is_key(key: &str) -> bool {
    key.contains('.')
        && key.split('.').all(|part| {
            part.starts_with(|c: char| c.is_ascii_lowercase())
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(taxonomy: &Taxonomy, written: &str) -> String {
        taxonomy.resolve(written).map_or_else(|e| format!("{e:?}"), |id| taxonomy.get(id).key.clone())
    }

    #[test]
    fn every_row_is_read_and_hangs_on_one_above() {
        let taxonomy = Taxonomy::builtin();
        let written = include_str!("taxonomy/categories.tsv").lines().filter(|l| !l.starts_with('#'));
        assert_eq!(taxonomy.iter().count(), written.count());
        for (id, category) in taxonomy.iter() {
            assert_eq!(taxonomy.parent(id).is_none(), category.key == "user", "{}", category.key);
            assert_eq!(taxonomy.find(&category.key), Some(id), "twice: {}", category.key);
        }
    }

    #[test]
    fn every_data_type_has_its_category() {
        let taxonomy = Taxonomy::builtin();
        assert_eq!(data_types().len(), 81);
        for each in data_types() {
            assert!(taxonomy.find(each.key).is_some(), "{}", each.key);
        }
    }

    #[test]
    fn last_parts_resolve_where_they_are_unique() {
        let mut taxonomy = Taxonomy::builtin();
        assert_eq!(key(&taxonomy, "email"), "user.contact.email");
        assert_eq!(key(&taxonomy, "contact.email"), "user.contact.email");
        assert_eq!(key(&taxonomy, "advertising_id"), "user.device.advertising_id");
        assert_eq!(key(&taxonomy, "name"), "user.name");
        assert_eq!(key(&taxonomy, "address"), "user.contact.address");
        taxonomy.add("user.workplace.email", Identifies::Directly).unwrap();
        let both = vec!["user.contact.email".to_owned(), "user.workplace.email".to_owned()];
        assert_eq!(taxonomy.resolve("email"), Err(Unresolved::Ambiguous(both)));
    }

    #[test]
    fn what_is_misspelt_gets_suggestions() {
        let taxonomy = Taxonomy::builtin();
        let first = |written| match taxonomy.resolve(written) {
            Err(Unresolved::Unknown(keys)) => keys.first().cloned().unwrap_or_default(),
            other => format!("{other:?}"),
        };
        assert_eq!(first("emial"), "user.contact.email");
        assert_eq!(first("email_address"), "user.contact.email");
        assert_eq!(first("user.contact.emial"), "user.contact.email");
        assert_eq!(first("user.contact.phone"), "user.contact.phone_number");
        assert_eq!(first("zzzz"), "");
    }

    #[test]
    fn own_categories_take_the_protection_of_what_they_lie_below() {
        let mut taxonomy = Taxonomy::builtin();
        let id = taxonomy.add("user.payment.voucher", Identifies::No).unwrap();
        assert_eq!(taxonomy.get(id).sensitivity, Sensitivity::Pci);
        assert!(taxonomy.is_within(id, taxonomy.find("user.payment").unwrap()));
        assert!(!taxonomy.is_within(
            taxonomy.find("user.device.cookie_id").unwrap(),
            taxonomy.find("user.device.cookie").unwrap()
        ));
        assert_eq!(taxonomy.add("user.payment.voucher", Identifies::No), Ok(id));
        assert!(matches!(
            taxonomy.add("user.payment.voucher", Identifies::Directly),
            Err(AddError::Exists(_))
        ));
        assert!(matches!(taxonomy.add("user.nowhere.x", Identifies::No), Err(AddError::NoParent(..))));
        assert_eq!(taxonomy.add("user.Bad", Identifies::No), Err(AddError::Malformed));
    }
}
