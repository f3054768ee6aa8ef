//! Fields and rows of a table as RFC 4180 has them: commas, CR LF, quotation marks where a field needs them.
//!
//! A spreadsheet takes a field that begins with `=`, `+`, `-`, `@`, a tab or an end of line for a formula, and quotation marks
//! do not keep it from that. Texts come from the wire, and whoever sends them must not compute in somebody's spreadsheet, so
//! an apostrophe stands in front of such a text. Numbers stay as they are.

use std::fmt::{self, Display, Write as _};

/// A row, or a part of one, in the making.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    text: String,
    /// How many fields there are.
    fields: usize,
}

impl Row {
    /// One more field that is a number, a time or a word of ours.
    pub(super) fn field(&mut self, content: &dyn Display) {
        if self.fields > 0 {
            self.text.push(',');
        }
        self.fields += 1;
        let start = self.text.len();
        let _ = write!(Doubling(&mut self.text), "{content}");
        let written = self.text.get(start..).unwrap_or_default();
        if written.contains(['"', ',', '\r', '\n']) {
            self.text.insert(start, '"');
            self.text.push('"');
        }
    }

    /// One more field, with text that somebody else may have written.
    pub(super) fn text(&mut self, content: &str) {
        if content.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
            self.field(&format_args!("'{content}"));
        } else {
            self.field(&content);
        }
    }

    /// One more field that is a number, a time or a word of ours, empty where there is nothing.
    pub(super) fn optional(&mut self, content: Option<&dyn Display>) {
        self.field(content.unwrap_or(&""));
    }

    /// The row with its end, behind the fields of `head`.
    pub(super) fn behind(&self, head: &Self) -> String {
        let comma = if self.fields > 0 { "," } else { "" };
        format!("{}{comma}{}\r\n", head.text, self.text)
    }
}

/// Doubles quotation marks.
struct Doubling<'a>(&'a mut String);

impl fmt::Write for Doubling<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for part in text.split_inclusive('"') {
            self.0.push_str(part);
            if part.ends_with('"') {
                self.0.push('"');
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let mut head = Row::default();
        head.field(&"plain");
        let mut row = Row::default();
        for field in ["a,b", "say \"so\"", "two\nlines", " spaces ", "-1.50", "", "\""] {
            row.field(&field);
        }
        row.optional(None);
        row.optional(Some(&7));
        assert_eq!(
            row.behind(&head),
            "plain,\"a,b\",\"say \"\"so\"\"\",\"two\nlines\", spaces ,-1.50,,\"\"\"\",,7\r\n"
        );
    }

    #[test]
    fn texts_are_no_formulas() {
        let mut row = Row::default();
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=\"a\"", "a=1", "1-0:1.7.0", ""]
        {
            row.text(text);
        }
        row.field(&-1);
        assert_eq!(
            row.behind(&Row::default()),
            ",'=1+1,'+1,'-1,'@SUM(A1),'\t=1,\"'\r=1\",\"'\n=1\",\"'=\"\"a\"\"\",a=1,1-0:1.7.0,,-1\r\n"
        );
    }
}
