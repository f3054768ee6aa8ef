//! Value change dumps (IEEE 1364-2005, 18) of single lines.

use std::fmt::Write;

use meterscope_firmware_waveform::Edge;

/// A line as a file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Dump {
    /// What the line is called.
    pub name: String,
    /// Its level before its first change.
    pub initial: bool,
    /// Its changes.
    pub edges: Vec<Edge>,
    /// The file's last moment.
    pub end_ns: u64,
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It has no line of one bit with this name; these are those it has.
    NoLine(String, Vec<String>),
    /// Its timescale is none.
    Timescale(String),
    /// This line of the file is not understood.
    Line(usize),
    /// Time goes back at this line of the file.
    Backwards(usize),
}

/// Reads a line from a file; its name, or the only line there is.
pub fn read(file: &str, name: Option<&str>) -> Result<Dump, Problem> {
    let (header, changes) = file.split_once("$enddefinitions").ok_or(Problem::Line(1))?;
    let unit_ps = timescale_ps(header)?;
    let (name, code) = line_of(header, name)?;
    let first = header.lines().count();
    let mut dump = Dump { name, initial: true, edges: Vec::new(), end_ns: 0 };
    let mut level = None;
    for (place, line) in changes.lines().enumerate().skip(1) {
        let line = line.trim();
        let here = first + place;
        if let Some(time) = line.strip_prefix('#') {
            let at_ns = time
                .parse::<u64>()
                .ok()
                .and_then(|time| time.checked_mul(unit_ps))
                .ok_or(Problem::Line(here))?
                / 1000;
            if at_ns < dump.end_ns {
                return Err(Problem::Backwards(here));
            }
            dump.end_ns = at_ns;
        } else if let Some(value) = line.strip_suffix(&code).filter(|value| value.len() == 1) {
            let new = match value {
                "1" => true,
                "0" => false,
                // Before a pin is driven the line rests.
                "x" | "X" | "z" | "Z" => true,
                _ => return Err(Problem::Line(here)),
            };
            match level.replace(new) {
                None if dump.end_ns == 0 => dump.initial = new,
                None if new => {}
                before if before == Some(new) => {}
                _ => dump.edges.push(Edge { at_ns: dump.end_ns, level: new }),
            }
        }
    }
    Ok(dump)
}

impl Dump {
    /// Stretches with rests of at least so long between them: each begins and ends with a rest of `around_ns`.
    #[must_use]
    pub fn bursts(&self, rest_ns: u64, around_ns: u64) -> Vec<Self> {
        let is_within = |one: &Edge, next: &Edge| !one.level || next.at_ns - one.at_ns < rest_ns;
        self.edges.chunk_by(is_within).map(|edges| self.burst(edges, around_ns)).collect()
    }

    fn burst(&self, edges: &[Edge], around_ns: u64) -> Self {
        let (first_ns, last_ns) = (edges[0].at_ns, edges[edges.len() - 1].at_ns);
        let from_ns = first_ns.saturating_sub(around_ns);
        let edges: Vec<Edge> =
            edges.iter().map(|edge| Edge { at_ns: edge.at_ns - from_ns, ..*edge }).collect();
        let initial = !edges[0].level;
        Self { name: self.name.clone(), initial, edges, end_ns: last_ns - from_ns + around_ns }
    }

    /// As a file with a timescale of 1 ns.
    pub fn write(&self) -> String {
        let mut file = String::from("$timescale 1ns $end\n$scope module bus $end\n");
        let _ = write!(file, "$var wire 1 ! {} $end\n$upscope $end\n$enddefinitions $end\n", self.name);
        let _ = write!(file, "#0\n$dumpvars\n{}!\n$end\n", u8::from(self.initial));
        for edge in &self.edges {
            let _ = write!(file, "#{}\n{}!\n", edge.at_ns, u8::from(edge.level));
        }
        if self.edges.last().is_none_or(|edge| edge.at_ns < self.end_ns) {
            let _ = writeln!(file, "#{}", self.end_ns);
        }
        file
    }
}

/// Picoseconds a unit of time; a file without a timescale counts nanoseconds, as simavr does.
fn timescale_ps(header: &str) -> Result<u64, Problem> {
    let Some((_, behind)) = header.split_once("$timescale") else { return Ok(1000) };
    let text: String = behind.split("$end").next().unwrap_or_default().split_whitespace().collect();
    let digits = text.trim_end_matches(char::is_alphabetic);
    let unit = match &text[digits.len()..] {
        "ps" => 1,
        "ns" => 1000,
        "us" => 1_000_000,
        "ms" => 1_000_000_000,
        "s" => 1_000_000_000_000,
        _ => return Err(Problem::Timescale(text)),
    };
    match digits.parse::<u64>() {
        Ok(count @ (1 | 10 | 100)) => Ok(count * unit),
        _ => Err(Problem::Timescale(text)),
    }
}

/// The name and the code of a line of one bit.
fn line_of(header: &str, wanted: Option<&str>) -> Result<(String, String), Problem> {
    let variables: Vec<(String, String)> = header
        .split("$var")
        .skip(1)
        .filter_map(|variable| {
            let words: Vec<&str> = variable.split("$end").next()?.split_whitespace().collect();
            let [_, "1", code, name, ..] = words[..] else { return None };
            Some((name.to_owned(), code.to_owned()))
        })
        .collect();
    let names = || variables.iter().map(|(name, _)| name.clone()).collect();
    let found = match wanted {
        Some(wanted) => variables.iter().find(|(name, _)| name == wanted),
        None => variables.first().filter(|_| variables.len() == 1),
    };
    found.cloned().ok_or_else(|| Problem::NoLine(wanted.unwrap_or("any").into(), names()))
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoLine(name, names) => {
                write!(f, "no line {name} of one bit: there are {}", names.join(", "))
            }
            Self::Timescale(text) => write!(f, "{text} is no timescale"),
            Self::Line(line) => write!(f, "line {line} is not understood"),
            Self::Backwards(line) => write!(f, "time goes back in line {line}"),
        }
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    fn dump() -> Dump {
        let edges = vec![Edge { at_ns: 1000, level: false }, Edge { at_ns: 417_667, level: true }];
        Dump { name: "D9".into(), initial: true, edges, end_ns: 900_000 }
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(read(&dump().write(), None).unwrap(), dump());
        assert_eq!(read(&dump().write(), Some("D9")).unwrap(), dump());
    }

    #[test]
    fn a_line_is_found_among_others_and_in_other_units() {
        let file = "$timescale 10 us $end $var wire 8 \" port $end $var wire 1 # D8 $end\n$var wire 1 $ D9 $end\n\
                    $enddefinitions $end\n#0\nx$\n1#\n#5\n0$\nb00000001 \"\n0#\n#7\n1$\n";
        let dump = read(file, Some("D9")).unwrap();
        assert_eq!(dump.edges, [Edge { at_ns: 50_000, level: false }, Edge { at_ns: 70_000, level: true }]);
        assert_eq!(read(file, Some("D7")), Err(Problem::NoLine("D7".into(), vec!["D8".into(), "D9".into()])));
        assert!(matches!(read(file, None), Err(Problem::NoLine(..))));
    }

    #[test]
    fn long_rests_part_bursts() {
        let edge = |at_ns, level| Edge { at_ns, level };
        let edges = vec![
            edge(5000, false),
            edge(5100, true),
            edge(5400, false),
            // Low is no rest, however long.
            edge(7900, true),
            edge(8900, false),
            edge(9000, true),
        ];
        let bursts = Dump { edges, ..dump() }.bursts(1000, 200);
        assert_eq!(bursts.len(), 2);
        assert_eq!(bursts[0].edges, [edge(200, false), edge(300, true), edge(600, false), edge(3100, true)]);
        assert_eq!((bursts[0].initial, bursts[0].end_ns, bursts[0].name.as_str()), (true, 3300, "D9"));
        assert_eq!((&bursts[1].edges[..], bursts[1].end_ns), (&[edge(200, false), edge(300, true)][..], 500));
        assert!(Dump { edges: Vec::new(), ..dump() }.bursts(1000, 200).is_empty());
    }

    #[test]
    fn what_is_no_dump_is_refused() {
        assert_eq!(read("", None), Err(Problem::Line(1)));
        let backwards = dump().write().replace("#417667", "#10");
        assert!(matches!(read(&backwards, None), Err(Problem::Backwards(_))));
        let timescale = dump().write().replace("1ns", "3ns");
        assert_eq!(read(&timescale, None), Err(Problem::Timescale("3ns".into())));
        let odd = dump().write().replace("#1000\n0!", "#1000\n7!");
        assert!(matches!(read(&odd, None), Err(Problem::Line(_))));
        assert!(read(&dump().write().replace("#1000\n", "#99999999999999999999\n"), None).is_err());
    }
}
