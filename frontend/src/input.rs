//! What came in: what it was taken for, or what was wrong with it and where.

use std::rc::Rc;

use meterscope_capture::overrides::OverrideError;
use meterscope_capture::{
    BadHex, CaptureError, EXCERPT, Form, ImportError, Imported, LeftOut, Repaired, Repairs, Source, Why,
    import_with,
};
use meterscope_decoder::items::Items;
use meterscope_decoder::link::frames::Item;

/// Where octets came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Pasted, in the dialog or anywhere on the page.
    Paste,
    /// A file of this name.
    File(String),
    /// The demo meters.
    Demo,
}

/// What an input was taken for and what was found in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Where it came from.
    pub origin: Origin,
    /// What its parts were taken for, each form once.
    pub forms: Vec<Form>,
    /// What was changed because the person asked for it.
    pub repaired: Repaired,
    /// What gave no octets.
    pub left_out: Vec<LeftOut>,
}

/// An input that waits for the person's word: something of it is left out, changed, or could be repaired.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// Where it came from.
    pub origin: Origin,
    /// The input.
    pub content: Rc<[u8]>,
    /// What the person asked to repair.
    pub repairs: Repairs,
    /// What comes of it.
    pub imported: Imported,
    /// How many frames there are in the octets, good and damaged.
    pub frames: u64,
    /// It came by way of the paste dialog, where its text can still be mended.
    pub from_dialog: bool,
}

impl Preview {
    /// Takes the input once more, with these repairs.
    pub fn repair(&mut self, repairs: Repairs) {
        // It was taken before; a repair that leaves nothing of it is not made.
        if let Ok(imported) = read(&self.origin, &self.content, repairs) {
            self.frames = count_frames(&imported.octets);
            (self.imported, self.repairs) = (imported, repairs);
        }
    }
}

/// How many frames there are, good and damaged.
pub fn count_frames(octets: &[u8]) -> u64 {
    Items::new(octets).filter(|item| matches!(item, Item::Frame(_))).count() as u64
}

/// Why an input could not be read.
#[derive(Clone, Debug, PartialEq)]
pub struct InputProblem {
    /// Where it came from.
    pub origin: Origin,
    /// What is wrong.
    pub kind: InputProblemKind,
}

/// What is wrong with an input.
#[derive(Clone, Debug, PartialEq)]
pub enum InputProblemKind {
    /// A capture file that gives no octets.
    Capture(CaptureError),
    /// There is nothing in it.
    Empty,
    /// It is text, but not hexadecimal.
    BadHex(BadHex, Excerpt),
    /// The browser could not read the file.
    Unreadable,
    /// More octets than the page can count.
    TooLarge,
    /// It is no table of overrides.
    Overrides(OverrideError),
}

/// The line that is wrong, cut to what can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// In front of the character.
    pub before: String,
    /// The character.
    pub found: String,
    /// Behind it.
    pub after: String,
}

/// The longest text that is handed back for mending; a longer one is mended in an editor.
const LONGEST_TEXT: usize = 200_000;

/// How much of the line is shown on either side of the character.
const EXCERPT_REACH: usize = 24;

/// Takes an input. A capture of which every octet can be counted has fewer than 2³² of them. There are none only where
/// all of them have hidden digits, which can be read as 0.
pub fn read(origin: &Origin, content: &[u8], repairs: Repairs) -> Result<Imported, InputProblem> {
    let problem = |kind| InputProblem { origin: origin.clone(), kind };
    let imported = match import_with(content, repairs) {
        Ok(imported) => imported,
        Err(ImportError::Empty) => return Err(problem(InputProblemKind::Empty)),
        Err(ImportError::Capture(error)) => return Err(problem(InputProblemKind::Capture(error))),
        Err(ImportError::Masked(bad)) => return Ok(all_masked(content, &bad)),
        Err(ImportError::BadHex(bad) | ImportError::NoOctets(bad)) => {
            let excerpt = Excerpt::of(&String::from_utf8_lossy(content), bad.line, bad.column);
            return Err(problem(InputProblemKind::BadHex(bad, excerpt)));
        }
    };
    if imported.octets.is_empty() {
        return Err(problem(InputProblemKind::Empty));
    }
    if u32::try_from(imported.octets.len()).is_err() {
        return Err(problem(InputProblemKind::TooLarge));
    }
    Ok(imported)
}

/// What comes of a text in which every line with octets has hidden digits.
fn all_masked(content: &[u8], first: &BadHex) -> Imported {
    let text = String::from_utf8_lossy(content);
    let mut imported = Imported::default();
    for (number, line) in (1..).zip(text.lines()) {
        let hidden = line.chars().filter(|&digit| digit == first.found).count();
        if line.trim().is_empty() {
            continue;
        }
        imported.offers.masked_digits += hidden;
        imported.left_out.push(LeftOut {
            source: Source::Lines(number, number),
            text: line.trim().chars().take(EXCERPT).collect(),
            why: if hidden > 0 { Why::Masked(hidden) } else { Why::Text },
        });
    }
    imported
}

/// The text to hand back for mending, where the input is one that a person can mend.
pub fn mendable(content: &[u8]) -> Option<&str> {
    if content.len() > LONGEST_TEXT { None } else { std::str::from_utf8(content).ok() }
}

impl Excerpt {
    /// The surroundings of a character; `line` and `column` count from 1.
    pub fn of(text: &str, line: usize, column: usize) -> Self {
        let line = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
        let at = column.saturating_sub(1);
        let first = at.saturating_sub(EXCERPT_REACH);
        let mut before: String = line.chars().skip(first).take(at - first).collect();
        if first > 0 {
            before.insert(0, '…');
        }
        let found = line.chars().skip(at).take(1).collect();
        let mut rest = line.chars().skip(at + 1);
        let mut after: String = rest.by_ref().take(EXCERPT_REACH).filter(|&c| c != '\r').collect();
        if rest.next().is_some() {
            after.push('…');
        }
        Self { before, found, after }
    }
}

/// Where the character stands, in UTF-16 units from the start of the text, as a text field counts.
pub fn utf16_offset(text: &str, line: usize, column: usize) -> u32 {
    let lines_before = text.split_inclusive('\n').take(line.saturating_sub(1));
    let before: usize = lines_before.map(|line| line.encode_utf16().count()).sum();
    let line = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
    let within: usize = line.chars().take(column.saturating_sub(1)).map(char::len_utf16).sum();
    u32::try_from(before + within).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_character_is_shown_in_its_line() {
        let problem = read(&Origin::Paste, b"68 03\n03 G8 16\n68", Repairs::default()).unwrap_err();
        let InputProblemKind::BadHex(bad, excerpt) = problem.kind else { panic!("taken") };
        assert_eq!((bad.line, bad.column), (2, 4));
        let Excerpt { before, found, after } = excerpt;
        assert_eq!((before.as_str(), found.as_str(), after.as_str()), ("03 ", "G", "8 16"));
    }

    #[test]
    fn a_long_line_is_cut_around_the_character() {
        let text = format!("{}x{}", "0".repeat(100), "1".repeat(100));
        let excerpt = Excerpt::of(&text, 1, 101);
        assert_eq!(excerpt.before.chars().count(), EXCERPT_REACH + 1);
        assert_eq!(excerpt.found, "x");
        assert!(excerpt.after.ends_with('…'));
    }

    #[test]
    fn places_in_a_text_field_count_utf16() {
        assert_eq!(utf16_offset("68 03\n03 G8", 2, 4), 9);
        assert_eq!(utf16_offset("😀x", 1, 2), 2);
    }

    #[test]
    fn nothing_is_no_capture() {
        for content in [&b""[..], b" \n", b", ,"] {
            assert_eq!(
                read(&Origin::Paste, content, Repairs::default()).unwrap_err().kind,
                InputProblemKind::Empty
            );
        }
    }
}
