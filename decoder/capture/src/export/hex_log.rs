//! A log for people and for [`import`](crate::import): hexadecimal octets, in front of them time and direction.
//!
//! ```text
//! 2026-11-21T08:12:00.000001Z RX: 7E A0 27 01
//! ```
//!
//! A frame is a line, with the time of its first octet: a recording knows those of its pieces too, but who reads a log reads
//! frames. Octets that are no frame begin a line wherever a time is known. No line goes both ways.

use std::io::{self, Write};

use meterscope_decoder::link::frames::Item;

use super::octets::{Entries, Entry};
use super::{Export, Found};
use crate::imported::{Direction, Stamp};
use crate::time::{Reference, Time};

/// Writes the log.
pub(super) fn write(export: &Export<'_>, out: &mut dyn Write) -> io::Result<u64> {
    let mut line = String::new();
    export.each_item(|Found { offset, item, is_chosen, .. }| {
        if !is_chosen {
            return Ok(());
        }
        let is_frame = matches!(item, Item::Frame(_));
        let mut before = None;
        for entry in Entries::new(export.capture, offset..offset + item.octets().len()) {
            let Entry::Octets(stamp, octets) = entry else { continue };
            let direction = stamp.and_then(|stamp| stamp.direction);
            let goes_on = is_frame && before.replace(direction) == Some(direction);
            if !goes_on {
                end_line(&mut line, out)?;
                begin_line(stamp, &mut line);
            }
            write_octets(octets, &mut line);
        }
        end_line(&mut line, out)
    })
}

fn end_line(line: &mut String, out: &mut dyn Write) -> io::Result<()> {
    if line.pop().is_some() {
        line.push('\n');
        out.write_all(line.as_bytes())?;
        line.clear();
    }
    Ok(())
}

fn begin_line(stamp: Option<&Stamp>, line: &mut String) {
    let (time, direction) = stamp.map_or((None, None), |stamp| (stamp.time, stamp.direction));
    if let Some(time) = time {
        line.push_str(&shown(time));
        line.push(' ');
    }
    match direction {
        Some(Direction::Received) => line.push_str("RX: "),
        Some(Direction::Sent) => line.push_str("TX: "),
        // What follows a time without a year would be taken for the name of a machine.
        None if time.is_some_and(|time| time.reference == Reference::Year) => line.push_str(": "),
        None => {}
    }
}

fn write_octets(octets: &[u8], line: &mut String) {
    for octet in octets {
        for digit in [octet >> 4, octet & 0x0F] {
            line.push(char::from_digit(digit.into(), 16).unwrap_or_default().to_ascii_uppercase());
        }
        line.push(' ');
    }
}

/// As ISO 8601 has it; where the year is not known as syslog does, which more programs read.
fn shown(time: Time) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = time.to_string();
    let without_year = || {
        let (month, rest) = text.strip_prefix("--")?.split_once('-')?;
        let (day, time) = rest.split_once('T')?;
        let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
        Some(format!("{month} {day} {time}"))
    };
    without_year().unwrap_or(text)
}
