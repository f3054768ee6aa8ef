//! What is joined to what, as KiCad reads it from the schematic.

use crate::boards::{Board, read, run};
use crate::expression::Expression;
use std::collections::BTreeMap;
use std::process::Command;
use tempfile::TempDir;

/// The parts of a schematic and the nets that join their pins.
pub struct Netlist {
    /// Reference to part.
    pub parts: BTreeMap<String, Part>,
    /// Name of the net to its pins, each a reference and a pin's number.
    pub nets: BTreeMap<String, Vec<(String, String)>>,
}

/// A part of a schematic.
#[derive(Debug)]
pub struct Part {
    /// The value on the schematic.
    pub value: String,
    /// `library:name`.
    pub footprint: String,
    /// All fields, those of the bill of materials too.
    pub fields: BTreeMap<String, String>,
    /// Whether the part is bought.
    pub in_bom: bool,
}

impl Netlist {
    /// The netlist of a board's schematic.
    pub fn of(board: &Board) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join("netlist");
        run(Command::new("kicad-cli")
            .args(["sch", "export", "netlist", "--format", "kicadsexpr", "-o"])
            .arg(&path)
            .arg(board.file("kicad_sch")));
        Self::parse(&read(&path)).expect("KiCad writes a whole netlist")
    }

    fn parse(text: &str) -> Option<Self> {
        let tree = Expression::parse(text)?;
        let parts = tree.child("components")?.children("comp").map(|component| {
            let fields = component.child("fields").into_iter().flat_map(|fields| fields.children("field"));
            let fields =
                fields.filter_map(|field| Some((field.value("name")?.to_owned(), field.word(2)?.to_owned())));
            let left_out =
                component.children("property").any(|it| it.value("name") == Some("exclude_from_bom"));
            let part = Part {
                value: component.value("value")?.to_owned(),
                footprint: component.value("footprint").unwrap_or_default().to_owned(),
                fields: fields.collect(),
                in_bom: !left_out,
            };
            Some((component.value("ref")?.to_owned(), part))
        });
        let nets = tree.child("nets")?.children("net").map(|net| {
            let pins = net
                .children("node")
                .map(|pin| Some((pin.value("ref")?.to_owned(), pin.value("pin")?.to_owned())));
            Some((net.value("name")?.to_owned(), pins.collect::<Option<Vec<_>>>()?))
        });
        Some(Self { parts: parts.collect::<Option<_>>()?, nets: nets.collect::<Option<_>>()? })
    }

    /// The net at a pin.
    pub fn net_at(&self, reference: &str, pin: &str) -> Option<&str> {
        let joins = |pins: &[(String, String)]| pins.iter().any(|(r, p)| r == reference && p == pin);
        self.nets.iter().find(|(_, pins)| joins(pins)).map(|(name, _)| name.as_str())
    }

    /// A part's value in its unit: of a resistor `4k7`, 4700; of a capacitor `100n`, 1e-7. Panics without such a part or
    /// value, since then the question is wrong.
    pub fn value(&self, reference: &str) -> f64 {
        let part = self.parts.get(reference).unwrap_or_else(|| panic!("there is no part {reference}"));
        parse_value(&part.value)
            .unwrap_or_else(|| panic!("{reference} has no number for a value: {}", part.value))
    }
}

/// The number that a value such as `220`, `4k7`, `10k` or `100n` is.
fn parse_value(value: &str) -> Option<f64> {
    let Some(at) = value.find(|letter: char| !letter.is_ascii_digit()) else {
        return value.parse().ok();
    };
    let scale = match &value[at..=at] {
        "R" => 1.0,
        "k" => 1e3,
        "M" => 1e6,
        "u" => 1e-6,
        "n" => 1e-9,
        "p" => 1e-12,
        _ => return None,
    };
    let number: f64 = format!("{}.{}0", &value[..at], &value[at + 1..]).parse().ok()?;
    Some(number * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbers() {
        assert_eq!(parse_value("220"), Some(220.0));
        assert_eq!(parse_value("4R7"), Some(4.7));
        assert_eq!(parse_value("2k05"), Some(2050.0));
        assert_eq!(parse_value("30k"), Some(30_000.0));
        assert!((parse_value("100n").unwrap() - 1e-7).abs() < 1e-15);
        assert_eq!(parse_value("SMBJ43CA"), None);
    }
}
