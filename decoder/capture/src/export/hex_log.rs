//! A log for people and for [`import`](crate::import): hexadecimal octets, in front of them time and direction.
//!
//! ```text
//! 2026-11-21T08:12:00.000001Z RX: 7E A0 27 01
//! ```
//!
//! A line ends where anything else is known of the next octet and where an item ends, so that a log of a capture without
//! times has a frame a line.

use std::io::{self, Write};

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
        for entry in Entries::new(export.capture, offset..offset + item.octets().len()) {
            if let Entry::Octets(stamp, octets) = entry {
                line.clear();
                write_line(stamp, octets, &mut line);
                out.write_all(line.as_bytes())?;
            }
        }
        Ok(())
    })
}

fn write_line(stamp: Option<&Stamp>, octets: &[u8], line: &mut String) {
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
    for octet in octets {
        for digit in [octet >> 4, octet & 0x0F] {
            line.push(char::from_digit(digit.into(), 16).unwrap_or_default().to_ascii_uppercase());
        }
        line.push(' ');
    }
    line.pop();
    line.push('\n');
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
