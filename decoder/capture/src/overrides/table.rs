//! Rows of a table in text: fields between commas, semicolons or tabs, quoted where they hold one (RFC 4180).

use super::{Fault, OverrideError};

/// The rows that are neither empty nor comments.
pub(super) struct Rows<'t> {
    lines: std::iter::Enumerate<std::str::Lines<'t>>,
    /// What stands between fields, known from the first row on.
    separator: Option<char>,
}

/// One row.
pub(super) struct Row {
    /// Counted from 1.
    pub line: usize,
    pub fields: Vec<String>,
}

impl<'t> Rows<'t> {
    pub fn new(text: &'t str) -> Self {
        // Spreadsheets put a byte order mark in front of UTF-8.
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        Self { lines: text.lines().enumerate(), separator: None }
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, OverrideError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (number, text) = self.lines.next()?;
            if text.trim_start().starts_with('#') {
                continue;
            }
            // The names of the columns hold no separator, so the first one in their line is it.
            let separator = *self.separator.get_or_insert_with(|| {
                text.chars().find(|letter| matches!(letter, ',' | ';' | '\t')).unwrap_or(',')
            });
            let line = number + 1;
            match fields(text, separator) {
                Some(fields) if fields.iter().all(String::is_empty) => {}
                Some(fields) => return Some(Ok(Row { line, fields })),
                None => return Some(Err(OverrideError { line, fault: Fault::OpenQuotation })),
            }
        }
    }
}

/// The fields of a line, without the blanks around them; none where a quotation mark is not closed.
fn fields(line: &str, separator: char) -> Option<Vec<String>> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted || field.trim().is_empty() => quoted = !quoted,
            _ if letter == separator && !quoted => fields.push(std::mem::take(&mut field).trim().to_owned()),
            _ => field.push(letter),
        }
    }
    fields.push(field.trim().to_owned());
    if quoted { None } else { Some(fields) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotation_marks() {
        let fields = |line| fields(line, ';').map(|fields| fields.join("|"));
        assert_eq!(fields(r#"a; "b;c" ;d"e"#).as_deref(), Some(r#"a|b;c|d"e"#));
        assert_eq!(fields(r#""say ""no""";;"#).as_deref(), Some(r#"say "no"||"#));
        assert_eq!(fields(r#"a;"b"#), None);
    }
}
