//! Places of a call as models name them: `0`, `1.Err.0`, `return.@url`, `call 1`, `1()`. Components are fields, `[2]` for
//! an element, `return.0 -> return.1` ties what is returned together, `<1>` stands for what a container holds as its type argument 1, `{1}` for what a map holds under argument 1.

/// A place of a call.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Place {
    /// An argument (0 is the receiver) and the components below it.
    Argument(u8, Vec<Box<str>>),
    /// The result and the components below it.
    Return(Vec<Box<str>>),
    /// `call N` or `call N.K`: parameter K (from 0) of the closure that is argument N.
    ClosureParameter {
        /// Which argument is the closure.
        closure: u8,
        /// Which of its parameters, from 0.
        parameter: u8,
    },
    /// `N()`: the result of the closure that is argument N, and the components below it.
    ClosureResult(u8, Vec<Box<str>>),
}

/// A flow from a place to another.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Flow {
    /// Where the data is.
    pub from: Place,
    /// Where it goes.
    pub to: Place,
}

impl Place {
    /// Reads a place.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("call ") {
            return closure_parameter(rest.trim());
        }
        let mut parts = text.split('.');
        let head = parts.next().unwrap_or_default();
        let components: Vec<Box<str>> = parts.map(Box::from).collect();
        if components.iter().any(|c| c.is_empty()) {
            return Err(format!("`{text}` has an empty component"));
        }
        if head == "return" {
            return Ok(Self::Return(components));
        }
        match head.strip_suffix("()") {
            Some(closure) => Ok(Self::ClosureResult(number(closure)?, components)),
            None => Ok(Self::Argument(number(head)?, components)),
        }
    }
}

impl Flow {
    /// Reads `from -> to`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (from, to) = text.split_once("->").ok_or_else(|| format!("`{text}` is not `from -> to`"))?;
        Ok(Self { from: Place::parse(from)?, to: Place::parse(to)? })
    }
}

fn closure_parameter(text: &str) -> Result<Place, String> {
    let (closure, parameter) = text.split_once('.').unwrap_or((text, "0"));
    Ok(Place::ClosureParameter { closure: number(closure)?, parameter: number(parameter)? })
}

fn number(text: &str) -> Result<u8, String> {
    text.parse().map_err(|_| format!("`{text}` is not an argument: expected a number or `return`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_read() {
        let flow = Flow::parse("0.Err.0 -> return.@url").unwrap();
        assert_eq!(flow.from, Place::Argument(0, vec!["Err".into(), "0".into()]));
        assert_eq!(flow.to, Place::Return(vec!["@url".into()]));
        assert_eq!(Place::parse("call 2.1"), Ok(Place::ClosureParameter { closure: 2, parameter: 1 }));
        assert_eq!(Place::parse("1()"), Ok(Place::ClosureResult(1, Vec::new())));
        assert_eq!(Place::parse("0.{1}"), Ok(Place::Argument(0, vec!["{1}".into()])));
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(Flow::parse("1 => 0").is_err());
        assert!(Place::parse("self").is_err());
        assert!(Place::parse("1..x").is_err());
    }
}
