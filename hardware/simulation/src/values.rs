//! `values.inc`: what the parts on the boards are.

use std::path::Path;

/// A value and the parts that have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The parameter's name.
    pub name: String,
    /// In its unit: ohms, farads.
    pub value: f64,
    /// The board, as its folder is called.
    pub board: Option<String>,
    /// The parts' references in the board's schematic.
    pub references: Vec<String>,
}

/// The folder with decks and models.
pub fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The file as it is.
///
/// # Panics
///
/// If it cannot be read: nothing works without it.
pub fn text() -> String {
    let path = folder().join("values.inc");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All values.
pub fn all() -> Vec<Value> {
    text().lines().filter_map(value).collect()
}

/// The value of a parameter.
///
/// # Panics
///
/// If there is none of this name.
pub fn of(name: &str) -> f64 {
    all().into_iter().find(|value| value.name == name).unwrap_or_else(|| panic!("no value {name}")).value
}

/// Names and values of a `.param` line.
pub(crate) fn assignments(line: &str) -> Vec<(&str, &str)> {
    let line = line.trim_start_matches(".param").split(';').next().unwrap_or_default();
    let mut rest = line.trim();
    let mut found = Vec::new();
    while let Some((name, behind)) = rest.split_once('=') {
        let behind = behind.trim_start();
        let end = behind.find(char::is_whitespace).unwrap_or(behind.len());
        found.push((name.trim(), &behind[..end]));
        rest = behind[end..].trim_start();
    }
    found
}

/// A number as SPICE writes it: `4.7k`, `100n`, `1meg`.
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim().to_ascii_lowercase();
    let end =
        text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(text.len());
    let (digits, suffix) = text.split_at(end);
    let digits: f64 = digits.parse().ok()?;
    let scale = match suffix {
        suffix if suffix.starts_with("meg") => 1e6,
        "" => 1.0,
        suffix => match suffix.as_bytes()[0] {
            b'k' => 1e3,
            b'm' => 1e-3,
            b'u' => 1e-6,
            b'n' => 1e-9,
            b'p' => 1e-12,
            _ => return None,
        },
    };
    Some(digits * scale)
}

fn value(line: &str) -> Option<Value> {
    let (assignment, comment) = line.strip_prefix(".param")?.split_once(';')?;
    let (name, value) = *assignments(assignment).first()?;
    let mut words = comment.split_whitespace();
    let board = words.next().filter(|word| matches!(*word, "han-shield" | "master-simulator"));
    let reference = |word: &&str| {
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
        letters.len() < word.len() && !letters.is_empty() && letters.chars().all(|c| c.is_ascii_uppercase())
    };
    let references = words.take_while(reference).map(str::to_owned).collect();
    Some(Value { name: name.into(), value: number(value)?, board: board.map(str::to_owned), references })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_spice() {
        for (text, value) in
            [("220", 220.0), ("4.7k", 4700.0), ("100n", 1e-7), ("47u", 47e-6), ("1meg", 1e6), ("20p", 2e-11)]
        {
            let read = number(text).unwrap();
            assert!((read - value).abs() < value * 1e-9, "{text}: {read}");
        }
        assert_eq!(number("much"), None);
        assert_eq!(number("3x"), None);
    }

    #[test]
    fn a_value_has_its_parts() {
        let bus = all().into_iter().find(|value| value.name == "r_bus").unwrap();
        assert!((bus.value - 220.0).abs() < 1e-9);
        assert_eq!(bus.board.as_deref(), Some("han-shield"));
        assert!(bus.references.len() == 2, "{bus:?}");
    }

    #[test]
    fn a_line_may_set_several() {
        assert_eq!(assignments(".param vt=6.95 isc = 27u ; comment"), [("vt", "6.95"), ("isc", "27u")]);
    }
}
