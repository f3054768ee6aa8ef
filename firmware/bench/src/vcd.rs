//! Value change dumps (IEEE 1364-2005, 18): what pins did, for a viewer of waveforms, and lines from elsewhere.

use std::io::{self, BufRead, Write};

use meterscope_firmware_waveform::{Edge, Waveform};
use vcd::{Command, Parser, TimescaleUnit, Value, Writer};

use crate::core::CYCLES_PER_MICROSECOND;
use crate::outputs::CycleEdge;

/// What one pin did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// The board that the pin is on.
    pub board: String,
    /// The pin, in one word.
    pub name: String,
    /// Its changes, in their order; before the first its level is not known.
    pub edges: Vec<CycleEdge>,
}

/// Writes signals of one or several boards that were switched on at the same time, in steps of 1 ns.
pub fn write(output: impl Write, signals: &[Signal]) -> io::Result<()> {
    let mut writer = Writer::new(output);
    writer.timescale(1, TimescaleUnit::NS)?;
    let mut changes = Vec::new();
    for signal in signals {
        writer.add_module(&signal.board)?;
        let id = writer.add_wire(1, &signal.name)?;
        writer.upscope()?;
        changes.extend(signal.edges.iter().map(|&(cycle, level)| (ns(cycle), id, level)));
    }
    writer.enddefinitions()?;
    // Those of one moment stay in the order that they have.
    changes.sort_by_key(|&(at_ns, ..)| at_ns);
    let mut last_ns = None;
    for (at_ns, id, level) in changes {
        if last_ns.replace(at_ns) != Some(at_ns) {
            writer.timestamp(at_ns)?;
        }
        writer.change_scalar(id, level)?;
    }
    writer.flush()
}

/// Reads a signal of one bit as a line: `path` is its scopes and its name. It is high until the file says otherwise; what
/// is neither high nor low changes nothing.
pub fn read(input: impl BufRead, path: &[&str]) -> io::Result<Waveform> {
    let mut parser = Parser::new(input);
    let header = parser.parse_header()?;
    let signal = header.find_var(path).ok_or_else(|| invalid(format!("no signal {}", path.join("."))))?;
    if signal.size != 1 {
        return Err(invalid(format!("{} has {} bits", path.join("."), signal.size)));
    }
    let (count, unit) = header.timescale.ok_or_else(|| invalid("no timescale".to_string()))?;
    let id = signal.code;
    let (mut now_ns, mut edges) = (0, Vec::new());
    for command in parser {
        match command? {
            Command::Timestamp(time) => now_ns = in_ns(time, count, unit)?,
            Command::ChangeScalar(changed, value) if changed == id => match value {
                Value::V0 => edges.push(Edge { at_ns: now_ns, level: false }),
                Value::V1 => edges.push(Edge { at_ns: now_ns, level: true }),
                Value::X | Value::Z => {}
            },
            _ => {}
        }
    }
    Ok(Waveform::seen(edges, now_ns))
}

fn ns(cycle: u64) -> u64 {
    cycle * 1000 / CYCLES_PER_MICROSECOND
}

fn in_ns(time: u64, count: u32, unit: TimescaleUnit) -> io::Result<u64> {
    let units = u128::from(time) * u128::from(count);
    let in_ns = units * 1_000_000_000 / u128::from(unit.divisor());
    u64::try_from(in_ns).map_err(|_| invalid(format!("{time} is too late")))
}

fn invalid(why: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signal(board: &str, edges: &[CycleEdge]) -> Signal {
        Signal { board: board.to_string(), name: "bus".to_string(), edges: edges.to_vec() }
    }

    fn edges(line: &Waveform) -> Vec<(u64, bool)> {
        line.edges().iter().map(|edge| (edge.at_ns, edge.level)).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let signals = [
            signal("master", &[(0, true), (16, false), (32, true)]),
            signal("forwarder", &[(16, false), (17, true), (48, false)]),
        ];
        let mut file = Vec::new();
        write(&mut file, &signals).unwrap();
        let master = read(&file[..], &["master", "bus"]).unwrap();
        assert_eq!(edges(&master), [(1000, false), (2000, true)], "it was high before");
        let forwarder = read(&file[..], &["forwarder", "bus"]).unwrap();
        assert_eq!(edges(&forwarder), [(1000, false), (1062, true), (3000, false)]);
        assert_eq!(forwarder.end_ns(), 3000);
    }

    #[test]
    fn other_timescales_and_unknown_levels_are_read() {
        let file = b"$timescale 10us $end $scope module top $end $var wire 1 ! line $end $upscope $end
            $enddefinitions $end #0 x! #3 0! #4 z! #5 1! #5 1!\n";
        let line = read(&file[..], &["top", "line"]).unwrap();
        assert_eq!(edges(&line), [(30_000, false), (50_000, true)]);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let header = b"$timescale 1ns $end $scope module top $end $var wire 8 ! bus $end $upscope $end
            $enddefinitions $end\n";
        let told = |file: &[u8], path: &[&str]| read(file, path).unwrap_err().to_string();
        assert_eq!(told(header, &["top", "line"]), "no signal top.line");
        assert_eq!(told(header, &["top", "bus"]), "top.bus has 8 bits");
        assert!(!told(b"no such file", &["top", "bus"]).is_empty());
    }
}
