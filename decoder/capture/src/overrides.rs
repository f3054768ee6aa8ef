//! A user's word on what a meter sends: names, units and scales that frame and published lists leave out or get wrong.
//!
//! The file is a table that any spreadsheet saves as text, with commas, semicolons or tabs, a line of headings first:
//!
//! ```text
//! # The meter in the cellar sends 1 Wh where its list says 10.
//! list,elements,place,name,unit,scaler
//! Kamstrup_V0001,,1-1:1.8.0,,Wh,0
//! Kamstrup_V0001,35,7,garage,A,-2
//! *,14,3,relay,,
//! ```
//!
//! - `list`: the name of the list as the meter sends it; a `*` at its end stands for any rest, nothing for lists without a
//!   name;
//! - `elements`: how many elements the list has; nothing where that does not matter;
//! - `place`: the object's name (`1-0:1.8.0`), or the number of the element in its list, counted from 1;
//! - `name`, `unit`, `scaler`: what to change; the value is the number on the wire times ten to the scaler, in this unit.
//!
//! Lines that begin with `#` are left out. Where several lines fit a reading, each changes what it names, the last one has
//! the last word. The number on the wire stays as it is.

mod rule;
mod sink;
mod table;

use std::fmt;

use rule::Rule;
pub use sink::Overridden;

/// The rules of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    rules: Vec<Rule>,
}

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverrideError {
    /// Counted from 1, as editors and spreadsheets do.
    pub line: usize,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There are no headings, or other ones.
    NoHeadings,
    /// A heading that means nothing here.
    UnknownHeading(String),
    /// The heading `list` or `place` is missing.
    MissingHeading(&'static str),
    /// More fields than headings.
    TooManyFields,
    /// A quotation mark that is not closed.
    OpenQuotation,
    /// The number of elements is none.
    BadElements(String),
    /// The place is neither an object nor a number from 1 on.
    BadPlace(String),
    /// A unit that no meter sends, or misspelt.
    UnknownUnit(String),
    /// The scaler is no whole number from -128 to 127.
    BadScaler(String),
    /// Name, unit and scaler are all empty.
    NothingToChange,
}

impl Overrides {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// At the first line that cannot be understood: half a file of corrections would be worse than none.
    pub fn parse(text: &str) -> Result<Self, OverrideError> {
        let mut rows = table::Rows::new(text);
        let Some(first) = rows.next() else {
            return Err(OverrideError { line: 1, fault: Fault::NoHeadings });
        };
        let first = first?;
        let at = |line| move |fault| OverrideError { line, fault };
        let headings = rule::Headings::new(&first.fields).map_err(at(first.line))?;
        let rules = rows.map(|row| {
            let row = row?;
            headings.rule(&row.fields).map_err(at(row.line))
        });
        Ok(Self { rules: rules.collect::<Result<_, _>>()? })
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

impl fmt::Display for OverrideError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.fault)
    }
}

impl std::error::Error for OverrideError {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHeadings => {
                f.write_str("the first line has to name the columns: list,elements,place,name,unit,scaler")
            }
            Self::UnknownHeading(found) => write!(
                f,
                "there is no column \u{201C}{found}\u{201D}; there are list, elements, place, name, unit, scaler"
            ),
            Self::MissingHeading(heading) => write!(f, "the column \u{201C}{heading}\u{201D} is missing"),
            Self::TooManyFields => f.write_str("the line has more fields than the first line has columns"),
            Self::OpenQuotation => f.write_str("a quotation mark is opened here and never closed"),
            Self::BadElements(found) => write!(f, "\u{201C}{found}\u{201D} is no number of elements"),
            Self::BadPlace(found) => write!(
                f,
                "\u{201C}{found}\u{201D} is neither an object such as 1-0:1.8.0 nor the number of an element, from 1 on"
            ),
            Self::UnknownUnit(found) => write!(
                f,
                "\u{201C}{found}\u{201D} is no unit that is known here; W, kWh, var, V, A, Hz, m3, l/h, J, C are some"
            ),
            Self::BadScaler(found) => {
                write!(f, "\u{201C}{found}\u{201D} is no scaler: a whole number such as -3, 0 or 1")
            }
            Self::NothingToChange => f.write_str("name, unit and scaler are all empty"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (usize, String) {
        let error = Overrides::parse(text).unwrap_err();
        (error.line, error.fault.to_string())
    }

    #[test]
    fn files_as_spreadsheets_write_them() {
        let commas = "list,elements,place,name,unit,scaler\nKFM_001,13,4,\"power, now\",kW,-3\n";
        let rules = Overrides::parse(commas).unwrap();
        assert_eq!(rules.len(), 1);
        for other in [
            "\u{FEFF}# mine\r\nlist;elements;place;name;unit;scaler\r\n\r\nKFM_001;13;4;power, now;kW;-3\r\n;;;;;\r\n",
            "scaler\tunit\tname\tplace\telements\tLIST\n-3\tkW\tpower, now\t4\t13\tKFM_001",
        ] {
            assert_eq!(Overrides::parse(other), Ok(rules.clone()), "{other}");
        }
        assert!(Overrides::parse("list,place,name\n").unwrap().is_empty());
    }

    #[test]
    fn faults_name_their_line() {
        const HEADINGS: &str = "list,elements,place,name,unit,scaler\n# a comment\n";
        for (text, line, part) in [
            ("", 1, "first line"),
            ("Kamstrup_V0001,,1-1:1.8.0,,Wh,0\n", 1, "no column"),
            ("list,name\n", 1, "place"),
            ("list,place,colour\n", 1, "colour"),
        ] {
            let (at, shown) = fault(text);
            assert_eq!(at, line);
            assert!(shown.contains(part), "{shown}");
        }
        for (row, part) in [
            ("*,,1.2,x,,", "1.2"),
            ("*,,0,x,,", "from 1 on"),
            ("*,many,1,x,,", "many"),
            ("*,,1,,furlong,", "furlong"),
            ("*,,1,,W,1.5", "1.5"),
            ("*,,1,,,200", "200"),
            ("*,,1,,,", "all empty"),
            ("*,,1,\"x,,", "quotation"),
            ("*,,1,x,,,more", "more fields"),
        ] {
            let (at, shown) = fault(&format!("{HEADINGS}*,,2,fine,,\n{row}\n"));
            assert_eq!(at, 4, "{row}");
            assert!(shown.contains(part), "{shown}");
        }
    }
}
