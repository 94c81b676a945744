//! Shipped models in two steps: those that every program needs can be read before it is known which others are.

use rayon::prelude::*;

use super::{ModelFile, Models, ShippedFile, select, shipped};

/// Shipped models of which some were read.
#[derive(Debug)]
pub struct Ahead {
    /// What each file says of its crate.
    heads: Vec<Option<ModelFile>>,
    /// Those that were read. A test sees to it that all files read well.
    files: Vec<Option<ModelFile>>,
}

impl Ahead {
    /// Reads the models of the standard library, and of what they build upon.
    #[must_use]
    pub fn read() -> Self {
        let heads: Vec<Option<ModelFile>> = shipped().par_iter().map(ShippedFile::head).collect();
        let files = std::iter::repeat_with(|| None).take(heads.len()).collect();
        let chosen = select(&heads, &[]);
        Self { heads, files }.with(&chosen)
    }

    fn with(mut self, chosen: &[bool]) -> Self {
        let missing: Vec<usize> =
            (0..chosen.len()).filter(|i| chosen[*i] && self.files[*i].is_none()).collect();
        let read = |i: &usize| (*i, shipped()[*i].read());
        let read: Vec<(usize, Option<ModelFile>)> = missing.par_iter().map(read).collect();
        read.into_iter().for_each(|(i, file)| self.files[i] = file);
        self
    }

    /// These models, those of some crates (by extern name) and of the crates that those models build upon.
    #[must_use]
    pub fn and(self, crates: &[&str]) -> Models {
        let chosen = select(&self.heads, crates);
        self.with(&chosen).models()
    }

    /// All shipped models.
    #[must_use]
    pub fn and_all(self) -> Models {
        let chosen = vec![true; self.heads.len()];
        self.with(&chosen).models()
    }

    fn models(self) -> Models {
        let mut models = Models::default();
        for (file, shipped) in self.files.into_iter().zip(shipped()) {
            if let Some(file) = file {
                models.add(shipped.name, file);
            }
        }
        models
    }
}
