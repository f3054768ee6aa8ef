//! What an input was taken for and what was left out, for a person.

use std::fmt;

use clap::Args;
use meterscope_capture::{Imported, Offers, Repaired, Repairs};

/// How to take an input.
#[derive(Args)]
pub struct Choices {
    /// Take the CR out again that something on the way put in front of every LF.
    #[arg(long)]
    undo_crlf: bool,
    /// Read digits that someone made unreadable (XX) as 0.
    #[arg(long)]
    masked_as_zero: bool,
}

impl Choices {
    /// What was asked for.
    pub fn repairs(&self) -> Repairs {
        Repairs { undo_crlf: self.undo_crlf, masked_as_zero: self.masked_as_zero }
    }
}

/// How many parts and how many left-out places are told one by one.
const MOST: usize = 12;

/// The preview of an import, in lines.
pub struct Preview<'a> {
    imported: &'a Imported,
    /// Tell what was taken too, and not only what was left out or repaired.
    all: bool,
}

impl<'a> Preview<'a> {
    /// Everything: what was taken for what, what was left out, what was and what can be repaired.
    pub fn all(imported: &'a Imported) -> Self {
        Self { imported, all: true }
    }

    /// What a person should know before trusting the result; nothing where all of the input was taken as it is.
    pub fn notes(imported: &'a Imported) -> Option<Self> {
        (!imported.is_complete()).then_some(Self { imported, all: imported.parts.len() > 1 })
    }
}

impl fmt::Display for Preview<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Imported { parts, left_out, repaired, offers, .. } = self.imported;
        if self.all {
            for part in parts.iter().take(MOST) {
                writeln!(f, "{}: {}, {} octets", part.source, part.form, part.octets.len())?;
            }
            write_more(f, parts.len(), "parts")?;
        }
        for left_out in left_out.iter().take(MOST) {
            writeln!(f, "left out, {}: {} | {}", left_out.source, left_out.why, left_out.text)?;
        }
        write_more(f, left_out.len(), "places left out")?;
        let Repaired { crlf_undone, masked_as_zero } = *repaired;
        if crlf_undone > 0 {
            writeln!(f, "repaired: {crlf_undone} CR taken out in front of LF")?;
        }
        if masked_as_zero > 0 {
            writeln!(f, "repaired: {masked_as_zero} octets with hidden digits read as 0")?;
        }
        let Offers { undo_crlf, masked_digits } = *offers;
        if undo_crlf {
            writeln!(f, "every LF has a CR in front that breaks frames; --undo-crlf takes it out")?;
        }
        if masked_digits > 0 {
            writeln!(f, "{masked_digits} digits are hidden; --masked-as-zero reads them as 0")?;
        }
        Ok(())
    }
}

fn write_more(f: &mut fmt::Formatter<'_>, count: usize, what: &str) -> fmt::Result {
    match count.checked_sub(MOST) {
        None | Some(0) => Ok(()),
        Some(more) => writeln!(f, "… and {more} more {what}"),
    }
}
