//! Whether output is coloured, from the flag and the environment as the edge found them. Reads no environment itself.

/// The flag `--color`, or `CARGO_TERM_COLOR`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ColorChoice {
    /// Where a person is looking.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the environment says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Surroundings<'a> {
    /// `NO_COLOR`.
    pub no_color: Option<&'a str>,
    /// `CARGO_TERM_COLOR`.
    pub cargo_term_color: Option<&'a str>,
    /// `TERM`.
    pub term: Option<&'a str>,
    /// Whether the stream is a terminal.
    pub is_terminal: bool,
}

impl ColorChoice {
    /// The choice of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "always" => Some(Self::Always),
            "never" => Some(Self::Never),
            _ => None,
        }
    }

    /// Whether to colour: the flag first, then cargo's variable, then `NO_COLOR`, then the terminal.
    #[must_use]
    pub fn resolve(flag: Option<Self>, around: Surroundings<'_>) -> bool {
        match flag.or_else(|| around.cargo_term_color.and_then(Self::parse)).unwrap_or_default() {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                around.no_color.is_none_or(str::is_empty) && around.term != Some("dumb") && around.is_terminal
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_outranks_the_environment() {
        let terminal = Surroundings { is_terminal: true, ..Surroundings::default() };
        assert!(ColorChoice::resolve(None, terminal));
        assert!(!ColorChoice::resolve(None, Surroundings { no_color: Some("1"), ..terminal }));
        assert!(ColorChoice::resolve(None, Surroundings { no_color: Some(""), ..terminal }));
        let always =
            Surroundings { cargo_term_color: Some("always"), no_color: Some("1"), ..Surroundings::default() };
        assert!(ColorChoice::resolve(None, always));
        assert!(!ColorChoice::resolve(Some(ColorChoice::Never), always));
    }
}
