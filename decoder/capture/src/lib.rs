//! What people save and paste, to octets. Shared by the page and the command, so that both take the same input for the
//! same thing.
//!
//! [`import`] finds out by content what the input is: a capture file, octets as they are, or text. In a text each line is
//! looked at by itself, so that forms may be mixed:
//!
//! 1. `text` says what a text is, cuts it into lines and knows the times, levels and tags in front of octets,
//! 2. `forms` has one file for each form,
//! 3. `reader` gives each line to the form it has,
//! 4. `builder` collects octets, and with them where they came from: [`Imported`].
//!
//! Nothing is dropped silently: each line that is not empty is in a [`Part`] or was [`LeftOut`], and bad hexadecimal never
//! becomes 00. Nothing is repaired unless [`Repairs`] asks for it.

mod builder;
mod error;
mod evidence;
#[cfg(feature = "export")]
pub mod export;
mod form;
mod forms;
mod imported;
#[cfg(feature = "json")]
pub mod json_lines;
pub mod overrides;
pub mod pcapng;
mod reader;
mod repairs;
mod text;
mod time;
#[cfg(feature = "json")]
mod values;
pub mod verdict;

pub use error::{BadHex, CaptureError, ImportError};
pub use form::Form;
pub use imported::{
    Direction, EXCERPT, Event, EventKind, Imported, LeftOut, LineEvent, Offers, Part, Repaired, Repairs,
    Source, Stamp, Why,
};
/// The same words on the page, in capture files and in the board's commands.
pub use meterscope_firmware_logic::line_settings;
pub use repairs::without_crlf;
pub use time::{NoTime, Reference, Time, day_number};

use builder::{Builder, Mark};
use forms::{capture_file, hex, p1};

/// Finds out what `input` is and gives its octets, as they are.
pub fn import(input: &[u8]) -> Result<Imported, ImportError> {
    import_with(input, Repairs::default())
}

/// As [`import`], with the repairs that are asked for.
pub fn import_with(input: &[u8], repairs: Repairs) -> Result<Imported, ImportError> {
    let mut imported = if let Some(imported) = plain_hex(input) {
        imported
    } else {
        let mut builder = Builder::new(repairs);
        find(input, &mut builder)?;
        builder.imported
    };
    if repairs.undo_crlf {
        repairs::undo_crlf(&mut imported);
    } else {
        imported.offers.undo_crlf = repairs::helps_to_undo_crlf(&imported.octets);
    }
    Ok(imported)
}

/// Nearly every text is just digits, and no frame of any link begins with two of them and goes on so to its end.
fn plain_hex(input: &[u8]) -> Option<Imported> {
    if has_column(input) {
        return None;
    }
    let octets = hex::parse_pairs(input).filter(|octets| !octets.is_empty())?;
    // A batch is unwrapped where pieces are.
    if octets.first() == Some(&0x08) {
        return None;
    }
    let text = input.trim_ascii_end();
    // Counting is slower than asking, and most texts have one line.
    let line_ends = if text.contains(&b'\n') { text::line_ends(text) } else { 0 };
    let last = line_ends + 1;
    let part = Part { form: Form::Hex, source: Source::Lines(1, last), octets: 0..octets.len() };
    Some(Imported { octets, parts: vec![part], ..Imported::default() })
}

/// Whether the digits at the start may be an offset or a time instead of octets.
fn has_column(input: &[u8]) -> bool {
    let digits = input.iter().take(20).take_while(|octet| octet.is_ascii_digit()).count();
    let space_follows = matches!(input.get(digits), Some(b' ' | b'\t'));
    space_follows && (matches!(digits, 10 | 16) || input.starts_with(b"0000"))
}

fn find(input: &[u8], out: &mut Builder) -> Result<(), ImportError> {
    if input.is_empty() {
        return Err(ImportError::Empty);
    }
    if let Some(form) = capture_file::recognise(input) {
        return capture_file::read(form, input, out).map_err(ImportError::Capture);
    }
    if let Some(text) = text::from_utf16(input) {
        return find(text.as_bytes(), out);
    }
    let text = input.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(input);
    // A capture cut down to its first flag is printable, but no text begins with a tilde.
    if !text::is_text(text) || text.starts_with(b"~") {
        out.octets().extend_from_slice(input);
        out.end(Form::Binary, Source::Whole, Mark::default());
        return Ok(());
    }
    if text.trim_ascii().is_empty() {
        return Err(ImportError::Empty);
    }
    if p1::is_all(text) {
        p1::whole(text, out);
        return Ok(());
    }
    reader::read(text, out)
}
