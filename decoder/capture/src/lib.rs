//! What people save and paste, to octets. Shared by the page and the command, so that both take the same input for the
//! same thing.
//!
//! [`import`] finds out by content what the input is. Nothing is dropped silently: a text that is not all hexadecimal is
//! refused with the place of the first character that is none, and bad hexadecimal never becomes 00.

mod hex_text;
#[cfg(feature = "json")]
pub mod json_lines;
pub mod overrides;

use std::fmt;

pub use hex_text::BadHex;

/// Octets, and what the input was taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The octets, in order.
    pub octets: Vec<u8>,
    /// What the input was taken for.
    pub form: Form,
}

/// What an input was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Octets as they came from the wire.
    Binary,
    /// Hexadecimal text.
    Hex,
    /// The text of P1 telegrams.
    P1Text {
        /// The lines ended with LF alone, as a paste does, and CR LF was put back; the CRC counts both.
        line_ends_restored: bool,
    },
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Binary => "binary octets",
            Self::Hex => "hexadecimal text",
            Self::P1Text { line_ends_restored: false } => "text of P1 telegrams",
            Self::P1Text { line_ends_restored: true } => {
                "text of P1 telegrams, with the line ends CR LF put back that the copy had lost"
            }
        })
    }
}

/// Why an input cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// There is nothing in it.
    Empty,
    /// It is text, but not hexadecimal.
    BadHex(BadHex),
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is nothing in it"),
            Self::BadHex(bad) => write!(f, "{bad}"),
        }
    }
}

impl std::error::Error for ImportError {}

/// Finds out what `input` is and gives its octets.
pub fn import(input: &[u8]) -> Result<Imported, ImportError> {
    // Nearly every text is just digits, and no frame of any link begins with two of them and goes on so to its end.
    if let Some(octets) = hex_text::parse_pairs(input).filter(|octets| !octets.is_empty()) {
        return Ok(Imported { octets, form: Form::Hex });
    }
    if let Some(text) = from_utf16(input) {
        return import(text.as_bytes());
    }
    let binary = || Imported { octets: input.to_vec(), form: Form::Binary };
    // A capture cut down to its first flag is printable, but no text begins with a tilde.
    let Some(text) = as_text(input).filter(|text| !text.starts_with('~')) else {
        return Ok(binary());
    };
    if text.trim().is_empty() {
        return if input.is_empty() || text.chars().all(char::is_whitespace) {
            Err(ImportError::Empty)
        } else {
            Ok(binary())
        };
    }
    if is_p1(text) {
        return Ok(p1(text));
    }
    match hex_text::parse(text) {
        // Nothing but what may stand between octets.
        Ok(octets) if octets.is_empty() => Err(ImportError::Empty),
        Ok(octets) => Ok(Imported { octets, form: Form::Hex }),
        Err(bad) => Err(ImportError::BadHex(bad)),
    }
}

/// Text as PowerShell redirects it: UTF-16 with a byte order mark.
fn from_utf16(input: &[u8]) -> Option<String> {
    let units =
        input.strip_prefix(&[0xFF, 0xFE])?.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
    let text: String = char::decode_utf16(units).collect::<Result<_, _>>().ok()?;
    (!text.is_empty() && text.is_ascii()).then_some(text)
}

/// Text is UTF-8 without control characters other than white space; one frame of any link holds others.
fn as_text(input: &[u8]) -> Option<&str> {
    let input = input.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(input);
    let text = std::str::from_utf8(input).ok()?;
    let is_text = if text.is_ascii() {
        text.bytes().all(|octet| !octet.is_ascii_control() || octet.is_ascii_whitespace())
    } else {
        text.chars().all(|c| !c.is_control() || c.is_ascii_whitespace())
    };
    is_text.then_some(text)
}

/// A line that begins with `/` and three letters; no hexadecimal text has one.
fn is_p1(text: &str) -> bool {
    text.lines().any(|line| {
        let mut characters = line.trim_start().chars();
        characters.next() == Some('/')
            && characters.by_ref().take(3).filter(char::is_ascii_alphabetic).count() == 3
    })
}

fn p1(text: &str) -> Imported {
    let line_ends_restored = text.contains('\n') && !text.contains('\r');
    let octets =
        if line_ends_restored { text.replace('\n', "\r\n").into_bytes() } else { text.as_bytes().to_vec() };
    Imported { octets, form: Form::P1Text { line_ends_restored } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_stays_as_it_is() {
        let frame = [0x68, 0x03, 0x03, 0x68, 0x08, 0x01, 0x70, 0x79, 0x16];
        let imported = import(&frame).unwrap();
        assert_eq!((imported.octets.as_slice(), imported.form), (&frame[..], Form::Binary));
        assert_eq!(import(&[0xE5]).unwrap().octets, [0xE5]);
    }

    #[test]
    fn hexadecimal_in_any_dress() {
        for text in [
            "6803 03\n68",
            "68030368",
            "0x68,0x03, 0x03 0x68",
            r"\x68\x03\x03\x68",
            "68:03:03:68",
            "68-03-03-68h",
        ] {
            let imported = import(text.as_bytes()).unwrap();
            assert_eq!(
                (imported.octets.as_slice(), imported.form),
                (&[0x68, 3, 3, 0x68][..], Form::Hex),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_hexadecimal_is_named_with_its_place() {
        let Err(ImportError::BadHex(bad)) = import(b"68 03\n03 G8") else { panic!("taken") };
        assert_eq!(bad.to_string(), "line 2, column 4: “G” is no hexadecimal digit");
        let Err(ImportError::BadHex(bad)) = import(b"68 0") else { panic!("taken") };
        assert_eq!(bad.to_string(), "line 1, column 4: half an octet, the digit “0” stands alone");
        assert_eq!(import(b" \n"), Err(ImportError::Empty));
        assert_eq!(import(b"[--]"), Err(ImportError::Empty));
    }

    #[test]
    fn a_redirection_of_powershell() {
        let text: Vec<u8> = "68 03\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let imported = import(&[&[0xFF, 0xFE][..], &text].concat()).unwrap();
        assert_eq!((imported.octets.as_slice(), imported.form), (&[0x68, 3][..], Form::Hex));
        // An idle line reads FF too, but its octets are no text.
        assert_eq!(import(&[0xFF, 0xFE, 0x68, 0x03]).unwrap().form, Form::Binary);
    }

    #[test]
    fn captures_cut_to_their_first_octets() {
        assert_eq!(import(&[0x7E]).unwrap().form, Form::Binary);
        assert!(matches!(import(b"/ABC5").unwrap().form, Form::P1Text { .. }));
    }

    #[test]
    fn pasted_p1_text_gets_its_line_ends_back() {
        let imported = import(b"/ABC5x\n\n1-0:1.8.0(1*kWh)\n!\n").unwrap();
        assert_eq!(imported.form, Form::P1Text { line_ends_restored: true });
        assert_eq!(imported.octets, b"/ABC5x\r\n\r\n1-0:1.8.0(1*kWh)\r\n!\r\n");
    }
}
