//! What logs write in front of the octets of a line: time, level, tag, direction.

use crate::builder::Mark;
use crate::forms::hex::Scan;
use crate::imported::Direction;
use crate::text::stamp;
use crate::time::Reference;

/// What stands in front of the rest of a line.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Prefix {
    pub(crate) mark: Mark,
    /// Where the rest begins.
    pub(crate) length: usize,
    /// There is more in front than white space and quote marks.
    pub(crate) is_log: bool,
    /// There is a level in parentheses, as amsreader writes it.
    pub(crate) amsreader_level: bool,
}

/// A prefix has no more pieces than this.
const MOST: usize = 16;

/// The longest tag in brackets.
const LONGEST_TAG: usize = 80;

/// Finds the prefix of a line.
pub(crate) fn of(text: &[u8]) -> Prefix {
    let mut prefix = Prefix::default();
    for _ in 0..MOST {
        let rest = text.get(prefix.length..).unwrap_or_default();
        let space = rest.len() - rest.trim_ascii_start().len();
        let rest = rest.trim_ascii_start();
        let length = prefix.piece(rest);
        prefix.length += space + length;
        if length == 0 {
            break;
        }
    }
    prefix
}

impl Prefix {
    /// The line of a P1 telegram; without a log around it, it is the whole line.
    pub(crate) fn p1<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        if self.is_log { line.get(self.length..).unwrap_or_default() } else { line }
    }

    /// Takes note of the piece at the start of `rest` and gives its length.
    fn piece(&mut self, rest: &[u8]) -> usize {
        let length = match rest {
            [b'[', ..] => self.group(rest, b']'),
            [b'(', ..] => self.group(rest, b')'),
            [first, ..] if first.is_ascii_alphanumeric() => {
                self.time(rest).or_else(|| self.direction(rest)).or_else(|| word(rest)).unwrap_or(0)
            }
            [b'<' | b'>' | b'-' | b'=' | b':' | b'|' | b'*', ..] => self.mark_or_quote(rest),
            _ => 0,
        };
        self.is_log |= length > 0 && !rest.starts_with(b">") | self.mark.direction.is_some();
        length
    }

    fn time(&mut self, rest: &[u8]) -> Option<usize> {
        let (time, length) = stamp::leading(rest)?;
        if self.mark.time.is_some() {
            // A second time is that of whoever passed the line on; the nearer one is the first.
            return Some(length);
        }
        self.mark.time = Some(time);
        if time.reference != Reference::Year {
            return Some(length);
        }
        // Syslog has the name of the machine behind the time.
        let behind = rest.get(length..)?;
        let host = behind.trim_ascii_start();
        let host_length = host.iter().take_while(|octet| !octet.is_ascii_whitespace()).count();
        let is_host = !host.get(..host_length)?.iter().any(|&octet| octet == b':' || octet == b'[');
        let skipped = if is_host { behind.len() - host.len() + host_length } else { 0 };
        Some(length + skipped)
    }

    /// `[D]`, `[11:40:01]`, `(MainThread)`, but not octets in brackets.
    fn group(&mut self, rest: &[u8], close: u8) -> usize {
        let head = rest.get(..LONGEST_TAG).unwrap_or(rest);
        let Some(end) = head.iter().position(|&octet| octet == close) else { return 0 };
        let content = rest.get(1..end).unwrap_or_default();
        let behind = rest.get(end + 1..).unwrap_or_default();
        if let Some((time, length)) = stamp::leading(content)
            && content.get(length..).is_some_and(|rest| rest.trim_ascii().is_empty())
        {
            self.mark.time.get_or_insert(time);
            return end + 1;
        }
        let scan = Scan::of(content);
        let are_octets = scan.bad.is_none() && scan.octets > usize::from(!behind.trim_ascii().is_empty());
        if are_octets || content.first().is_some_and(|&octet| octet == b'"' || octet == b'{') {
            return 0;
        }
        if close == b')' && matches!(content, [b'V' | b'D' | b'I' | b'W' | b'E' | b'A' | b'P']) {
            self.amsreader_level = true;
        }
        let colon = usize::from(behind.first() == Some(&b':'));
        end + 1 + colon
    }

    /// `TX:`, `RX `, `Received:`.
    fn direction(&mut self, rest: &[u8]) -> Option<usize> {
        const WORDS: [(&[u8], Direction); 8] = [
            (b"tx", Direction::Sent),
            (b"rx", Direction::Received),
            (b"sent", Direction::Sent),
            (b"received", Direction::Received),
            (b"send", Direction::Sent),
            (b"recv", Direction::Received),
            (b"out", Direction::Sent),
            (b"in", Direction::Received),
        ];
        let (word, direction) = WORDS.into_iter().find(|(word, _)| {
            rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
                && !rest.get(word.len()).is_some_and(u8::is_ascii_alphanumeric)
        })?;
        let behind = rest.get(word.len()..)?;
        let colon = behind.trim_ascii_start().starts_with(b":");
        // Without a colon it may be a sentence, and libmbus counts in parentheses.
        let are_octets = || Scan::of(behind).is_whole();
        if !colon && !are_octets() {
            return None;
        }
        self.mark.direction = Some(direction);
        let space = if colon { behind.len() - behind.trim_ascii_start().len() + 1 } else { 0 };
        Some(word.len() + space)
    }

    /// Arrows say the direction; a single `>` quotes, and a dash or a colon only separates.
    fn mark_or_quote(&mut self, rest: &[u8]) -> usize {
        const MARKS: [(&[u8], Option<Direction>); 11] = [
            (b"<<<", Some(Direction::Received)),
            (b">>>", Some(Direction::Sent)),
            (b"<<", Some(Direction::Received)),
            (b">>", Some(Direction::Sent)),
            (b"<-", Some(Direction::Received)),
            (b"->", Some(Direction::Sent)),
            (b"<=", Some(Direction::Received)),
            (b"=>", Some(Direction::Sent)),
            (b"> ", None),
            (b":>", None),
            (b": ", None),
        ];
        if let Some((mark, direction)) = MARKS.into_iter().find(|(mark, _)| rest.starts_with(mark)) {
            self.mark.direction = direction.or(self.mark.direction);
            return mark.len();
        }
        match rest {
            [b'>', next, ..] if next.is_ascii_hexdigit() || *next == b'[' => 1,
            [b'-' | b'|' | b'*', b' ', ..] => 2,
            _ => 0,
        }
    }
}

/// A level (`DEBUG`), or a program with its number (`proc[1175]:`).
fn word(rest: &[u8]) -> Option<usize> {
    const LEVELS: [&[u8]; 10] = [
        b"DEBUG",
        b"INFO",
        b"TRACE",
        b"VERBOSE",
        b"WARNING",
        b"WARN",
        b"ERROR",
        b"NOTICE",
        b"D/",
        b"CRITICAL",
    ];
    let level = LEVELS.into_iter().find(|level| rest.starts_with(level));
    if let Some(level) = level
        && rest.get(level.len()).is_some_and(|&octet| b" :\t|-".contains(&octet))
    {
        return Some(level.len());
    }
    let is_name = |octet: &u8| octet.is_ascii_alphanumeric() || b"-_./@".contains(octet);
    let name = rest.iter().take_while(|octet| is_name(octet)).count();
    let number = rest.get(name..)?.strip_prefix(b"[")?;
    let digits = number.iter().take_while(|octet| octet.is_ascii_digit()).count();
    (digits > 0 && number.get(digits..)?.starts_with(b"]:")).then_some(name + digits + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_of_logs() {
        for (line, rest, is_log) in [
            ("[11:40:01][D][uart_debug:114]: <<< 7E:A0", "7E:A0", true),
            ("2022-10-16 20:26:56.672 DEBUG (MainThread) [a.b.c] Got 7EA0", "Got 7EA0", true),
            ("Jan 30 21:39:47 raspberrypi proc[1175]: 7E A8", "7E A8", true),
            ("21:57:24.068 : 77 07", "77 07", true),
            ("15:19:51.071 :>20 f8", "20 f8", true),
            ("(V) 7E A0", "7E A0", true),
            ("(V) (unwrapData)(C1) HDLC frame:", "HDLC frame:", true),
            ("TX: 10 40", "10 40", true),
            ("-> 10 40", "10 40", true),
            ("> 10 40", "10 40", false),
            ("[68, 03]", "[68, 03]", false),
            ("68 03", "68 03", false),
            ("1763680000 68 03", "68 03", true),
            ("received late", "received late", false),
        ] {
            let prefix = of(line.as_bytes());
            assert_eq!(&line[prefix.length..], rest, "{line}");
            assert_eq!(prefix.is_log, is_log, "{line}");
        }
    }
}
