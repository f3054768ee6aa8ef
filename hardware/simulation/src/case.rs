//! A deck filled in.
//!
//! A deck is SPICE with four kinds of marks: `*> stimulus NODE` becomes a source of what the line does; the lines between
//! `*> each board` and `*> end` are there once a board, with its number for `<k>` and the one before for `<k-1>`; `<n>` is
//! the last board's; `.include models/…` is found in this folder. A case gives other values to what the deck or
//! `values.inc` sets by `.param`.

use std::fmt::Write;

use meterscope_firmware_waveform::{Edge, Waveform};

use crate::values;

/// One run of ngspice.
#[derive(Clone, Debug)]
pub struct Case {
    /// The deck's name, without its ending.
    pub deck: &'static str,
    /// What sets it apart from other cases of its deck.
    pub name: String,
    /// Values other than the deck's.
    pub set: Vec<(&'static str, String)>,
    /// How many boards the deck has.
    pub boards: usize,
    /// What the line does, from a moment on at which it has been as it is for long.
    pub edges: Vec<Edge>,
    /// The line's level before its first edge: mark is high.
    pub starts_high: bool,
    /// How long is simulated.
    pub end_s: f64,
    /// The longest step of time.
    pub step_s: f64,
    /// Degrees Celsius.
    pub temperature: f64,
}

/// Why a case cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// There is no such deck.
    NoDeck(String),
    /// Neither the deck nor `values.inc` has this parameter.
    NoParameter(String),
    /// A `*>` mark that is none.
    NoMark(String),
}

/// How long a pin takes from one level to the other.
const EDGE_S: f64 = 200e-9;
const HIGH_V: f64 = 5.0;

impl Case {
    /// A case of one board at 25 °C.
    pub fn new(deck: &'static str, name: impl Into<String>, end_s: f64) -> Self {
        let name = name.into();
        let step_s = end_s / 1000.0;
        Self {
            deck,
            name,
            set: Vec::new(),
            boards: 1,
            edges: Vec::new(),
            starts_high: true,
            end_s,
            step_s,
            temperature: 25.0,
        }
    }

    /// Sends what the waveform says, to its end; steps are a quarter of a bit at most.
    #[must_use]
    pub fn sending(mut self, line: &Waveform, bit_s: f64) -> Self {
        self.end_s = line.end_ns() as f64 * 1e-9;
        self.step_s = bit_s / 4.0;
        self.edges = line.edges().to_vec();
        self
    }

    /// Gives a parameter a value.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "numbers and words read better without &")]
    pub fn with(mut self, parameter: &'static str, value: impl ToString) -> Self {
        self.set.push((parameter, value.to_string()));
        self
    }

    /// Gives parameters values.
    #[must_use]
    pub fn with_all(mut self, values: &[(&'static str, f64)]) -> Self {
        self.set.extend(values.iter().map(|(parameter, value)| (*parameter, value.to_string())));
        self
    }

    /// Puts so many boards where the deck says.
    #[must_use]
    pub fn boards(mut self, boards: usize) -> Self {
        self.boards = boards;
        self
    }

    /// At so many degrees Celsius.
    #[must_use]
    pub fn at(mut self, temperature: f64) -> Self {
        self.temperature = temperature;
        self
    }

    /// What ngspice reads.
    pub fn netlist(&self) -> Result<String, Mistake> {
        let path = values::folder().join("decks").join(self.deck).with_extension("cir");
        let deck = std::fs::read_to_string(path).map_err(|_| Mistake::NoDeck(self.deck.into()))?;
        let (title, body) = deck.split_once('\n').unwrap_or((&deck, ""));
        let mut netlist = format!("{title} {}\n", self.name);
        netlist.push_str(&self.fill_in(&format!("{}{body}", values::text()))?);
        let Self { temperature, step_s, end_s, .. } = self;
        // Gear and a tight current tolerance: the comparators of the models ring with trapezoids.
        let _ = write!(
            netlist,
            ".options method=gear reltol=1e-3 abstol=1e-10 vntol=1e-5 klu temp={temperature}\n\
             .tran {:.4e} {end_s:.12e} 0 {step_s:.4e}\n.end\n",
            step_s / 5.0
        );
        Ok(netlist)
    }

    fn fill_in(&self, deck: &str) -> Result<String, Mistake> {
        let mut filled = String::new();
        let mut lines = deck.lines();
        let mut unused: Vec<&str> = self.set.iter().map(|(parameter, _)| *parameter).collect();
        while let Some(line) = lines.next() {
            match line.strip_prefix("*> ").map(str::trim) {
                Some("each board") => {
                    let block: Vec<&str> =
                        lines.by_ref().take_while(|line| line.trim() != "*> end").collect();
                    self.repeat(&block, &mut filled);
                }
                Some(mark) => filled.push_str(&self.source(mark)?),
                None => filled.push_str(&self.line(line, &mut unused)),
            }
        }
        match unused.first() {
            Some(parameter) => Err(Mistake::NoParameter((*parameter).into())),
            None => Ok(filled),
        }
    }

    fn repeat(&self, block: &[&str], filled: &mut String) {
        for board in 1..=self.boards {
            for line in block {
                let line = line.replace("<k-1>", &(board - 1).to_string()).replace("<k>", &board.to_string());
                filled.push_str(&line);
                filled.push('\n');
            }
        }
    }

    fn line(&self, line: &str, unused: &mut Vec<&str>) -> String {
        let models = format!(".include {}/models/", values::folder().display());
        let line = line.replace(".include models/", &models).replace("<n>", &self.boards.to_string());
        if !line.starts_with(".param ") {
            return line + "\n";
        }
        let mut set = String::from(".param");
        for (name, value) in values::assignments(&line) {
            let own = self.set.iter().rev().find(|(parameter, _)| *parameter == name);
            let value = own.map_or(value, |(_, value)| value);
            unused.retain(|parameter| *parameter != name);
            let _ = write!(set, " {name}={value}");
        }
        set + "\n"
    }

    fn source(&self, mark: &str) -> Result<String, Mistake> {
        let Some(node) = mark.strip_prefix("stimulus ") else { return Err(Mistake::NoMark(mark.into())) };
        let mut before = if self.starts_high { HIGH_V } else { 0.0 };
        let mut source = format!("Vstimulus {node} 0 PWL(0 {before}\n");
        let mut done_s = 0.0;
        for edge in &self.edges {
            // Each begins behind the one before: ngspice wants time to go on.
            let at_s = (edge.at_ns as f64 * 1e-9).max(done_s + 1e-9);
            done_s = at_s + EDGE_S;
            let level = if edge.level { HIGH_V } else { 0.0 };
            let _ = writeln!(source, "+ {at_s:.12e} {before} {done_s:.12e} {level}");
            before = level;
        }
        Ok(source + "+ )\n")
    }
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoDeck(deck) => write!(f, "there is no deck {deck}"),
            Self::NoParameter(name) => write!(f, "neither the deck nor values.inc has a parameter {name}"),
            Self::NoMark(mark) => write!(f, "a deck has the mark `*> {mark}`, which means nothing"),
        }
    }
}

impl std::error::Error for Mistake {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boards_are_repeated_and_values_set() {
        let case = Case::new("daisy_chain", "", 1e-3).boards(2).with("hop", 7.5).with("r_led", "1k");
        let netlist = case.netlist().unwrap();
        assert!(netlist.contains("\nXh2 p1 m1 p2 m2 cable_section length={hop}\n"), "{netlist}");
        assert!(!netlist.contains("Xh3 "));
        assert!(netlist.contains(".param hop=7.5\n"));
        assert!(netlist.contains(".param r_led=1k\n"));
        assert!(netlist.contains(".save v(txd) v(p0) v(p2) v(m2) "));
    }

    #[test]
    fn a_value_that_nothing_takes_is_a_mistake() {
        let mistake = |case: Case| case.netlist().unwrap_err();
        assert_eq!(
            mistake(Case::new("daisy_chain", "", 1.0).with("hob", 1)),
            Mistake::NoParameter("hob".into())
        );
        assert_eq!(mistake(Case::new("none", "", 1.0)), Mistake::NoDeck("none".into()));
    }
}
