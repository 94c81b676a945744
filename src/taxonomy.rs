//! Data categories: a tree of Fideslang keys, each with how directly it identifies a person. Knows nothing of code.

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

/// The categories of a run: the built-in ones and those that notices add.
#[derive(Clone, Debug, Default)]
pub struct Taxonomy {
    categories: Vec<Category>,
}

impl Taxonomy {
    /// The category behind an id.
    #[must_use]
    pub fn get(&self, id: CategoryId) -> &Category {
        &self.categories[id.0 as usize]
    }
}
