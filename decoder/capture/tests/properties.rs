//! What holds for any input: each form rendered from octets gives them back, nothing panics, and each line of a text is in a
//! part or was left out.

use meterscope_capture::{Form, Imported, Repairs, Source, import, import_with};
use std::fmt::Write as _;

/// Octets that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u64) -> usize {
        (self.next() % limit) as usize
    }

    fn octets(&mut self, least: usize, more: u64) -> Vec<u8> {
        let length = least + self.below(more);
        (0..length).map(|_| (self.next() >> 24) as u8).collect()
    }
}

fn pairs(octets: &[u8], separator: &str) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect::<Vec<_>>().join(separator)
}

fn rows(octets: &[u8], row: usize, mut line: impl FnMut(usize, &[u8]) -> String) -> String {
    octets.chunks(row).enumerate().map(|(index, octets)| line(index * row, octets) + "\n").collect()
}

fn characters(octets: &[u8]) -> String {
    octets.iter().map(|&octet| if (0x20..0x7F).contains(&octet) { char::from(octet) } else { '.' }).collect()
}

fn base64(octets: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in octets.chunks(3) {
        let bits =
            three.iter().fold(0_u32, |bits, &octet| bits << 8 | u32::from(octet)) << (8 * (3 - three.len()));
        for index in 0..4 {
            let value = bits >> (18 - 6 * index) & 0x3F;
            text.push(if index > three.len() { '=' } else { char::from(ALPHABET[value as usize]) });
        }
    }
    text
}

type Render = fn(&[u8]) -> String;

/// Each form, and how octets are written in it.
const FORMS: [(&str, Form, Render); 16] = [
    ("digits", Form::Hex, |octets| pairs(octets, "")),
    ("wrapped digits", Form::Hex, |octets| {
        let digits = pairs(octets, "").into_bytes();
        digits.chunks(33).map(|line| String::from_utf8_lossy(line).into_owned() + "\n").collect()
    }),
    ("pairs", Form::Hex, |octets| rows(octets, 20, |_, row| pairs(row, " ").to_uppercase())),
    ("pairs with colons", Form::Hex, |octets| pairs(octets, ":")),
    ("prefixed", Form::Hex, |octets| rows(octets, 12, |_, row| format!("0x{},", pairs(row, ", 0x")))),
    ("escaped hexadecimal", Form::Hex, |octets| {
        rows(octets, 12, |_, row| format!(r#""\x{}""#, pairs(row, r"\x")))
    }),
    ("C source", Form::Hex, |octets| {
        let body = rows(octets, 12, |at, row| format!("  0x{}, // {at}", pairs(row, ", 0x")));
        format!("const uint8_t telegram[] = {{\n{body}}};\n")
    }),
    ("hexdump -C", Form::HexDump, |octets| {
        rows(octets, 16, |at, row| {
            let (left, right) = row.split_at(row.len().min(8));
            format!("{at:08x}  {:<23}  {:<23}  |{}|", pairs(left, " "), pairs(right, " "), characters(row))
        }) + &format!("{:08x}\n", octets.len())
    }),
    ("xxd", Form::HexDump, |octets| {
        rows(octets, 16, |at, row| {
            let words = row.chunks(2).map(|word| pairs(word, "")).collect::<Vec<_>>().join(" ");
            format!("{at:08x}: {words:<39}  {}", characters(row))
        })
    }),
    ("Wireshark", Form::HexDump, |octets| {
        rows(octets, 16, |at, row| format!("{at:04x}   {:<47}   {}", pairs(row, " "), characters(row)))
    }),
    ("decimal", Form::Decimal, |octets| format!("{octets:?}")),
    ("Base64", Form::Base64, base64),
    ("libmbus", Form::Libmbus, |octets| {
        rows(octets, 200, |_, row| {
            format!("[2025-03-31 11:59:50] RECV ({:03}): {}", row.len(), pairs(row, " ").to_uppercase())
        })
    }),
    ("times", Form::HexLog, |octets| {
        rows(octets, 50, |at, row| format!("2025-03-31T11:{:02}:50.125Z {}", at / 50 % 60, pairs(row, "")))
    }),
    ("ESPHome", Form::HexLog, |octets| {
        rows(octets, 50, |_, row| format!("[11:40:01][D][uart_debug:114]: <<< {}", pairs(row, ":")))
    }),
    ("amsreader", Form::Amsreader, |octets| {
        "(V) HDLC frame:\n".to_owned() + &rows(octets, 16, |_, row| format!("(V) {}", pairs(row, " ")))
    }),
];

#[test]
fn each_form_gives_its_octets_back() {
    let mut chance = Chance(0x5EED_1234_5678_9ABC);
    for round in 0..400 {
        // Fewer octets may read as something else in good faith: a list of decimal numbers without any above 99.
        let octets = chance.octets(64, 600);
        for (name, form, render) in FORMS {
            let text = render(&octets);
            let imported =
                import(text.as_bytes()).unwrap_or_else(|error| panic!("{name}, {round}: {error}\n{text}"));
            assert_eq!(pairs(&imported.octets, ""), pairs(&octets, ""), "{name}, {round}:\n{text}");
            assert_eq!(imported.form(), form, "{name}, {round}:\n{text}");
            check(&imported, text.as_bytes());
        }
    }
}

#[test]
fn forms_mixed_in_one_text() {
    let mut chance = Chance(0xC0FF_EE00_1234_5678);
    for round in 0..300 {
        let mut text = String::new();
        let mut expected = Vec::new();
        for _ in 0..6 {
            let (_, _, render) = FORMS[chance.below(FORMS.len() as u64)];
            let octets = chance.octets(64, 100);
            // A sentence between them, so that one does not go on in the next.
            writeln!(text, "Here you are:\n{}", render(&octets)).unwrap();
            expected.extend(octets);
        }
        let imported = import(text.as_bytes()).unwrap_or_else(|error| panic!("{round}: {error}\n{text}"));
        assert_eq!(pairs(&imported.octets, ""), pairs(&expected, ""), "{round}:\n{text}");
        check(&imported, text.as_bytes());
    }
}

#[test]
fn binary_stays_binary() {
    let mut chance = Chance(0xB1AA_0001_0002_0003);
    for _ in 0..2000 {
        let octets = chance.octets(64, 200);
        let imported = import(&octets).expect("octets");
        assert_eq!((imported.octets.as_slice(), imported.form()), (octets.as_slice(), Form::Binary));
    }
}

#[test]
fn crlf_is_undone_as_it_was_done() {
    let mut chance = Chance(0xCAFE_0001_0002_0003);
    for _ in 0..500 {
        let octets: Vec<u8> = chance
            .octets(64, 300)
            .into_iter()
            .map(|octet| if octet < 40 { octet % 16 } else { octet })
            .collect();
        let damaged: Vec<u8> = octets
            .iter()
            .flat_map(|&octet| [Some(b'\r').filter(|_| octet == b'\n'), Some(octet)])
            .flatten()
            .collect();
        let repairs = Repairs { undo_crlf: true, ..Repairs::default() };
        let imported = import_with(&damaged, repairs).expect("octets");
        assert_eq!(pairs(&imported.octets, " "), pairs(&octets, " "));
        assert_eq!(imported.repaired.crlf_undone, damaged.len() - octets.len());
    }
}

#[test]
fn any_text_is_taken_or_left_out_line_by_line() {
    const PIECES: [&str; 40] = [
        "68",
        "5F",
        "0x10",
        "E5",
        " ",
        "  ",
        "\n",
        "\n",
        "\n",
        "\r\n",
        "XX",
        ",",
        ":",
        "16",
        "104",
        "7EA0",
        "[",
        "]",
        "(V) ",
        "HDLC frame:",
        "telegram=|",
        "|",
        "RECV (005): ",
        "2025-03-31 11:59:50 ",
        "00000000  ",
        "00000010: ",
        "*",
        "\"",
        "\\x7E",
        "{",
        "}",
        "/ABC5",
        "1-0:1.8.0(1*kWh)",
        "!1234",
        "EEAAQBY=",
        "text",
        "# ",
        "<<< ",
        "0",
        "received binary \"",
    ];
    let mut chance = Chance(0x7E57_0001_0002_0003);
    for _ in 0..20_000 {
        let text: String = (0..chance.below(30)).map(|_| PIECES[chance.below(40)]).collect();
        for masked_as_zero in [false, true] {
            let repairs = Repairs { masked_as_zero, ..Repairs::default() };
            if let Ok(imported) = import_with(text.as_bytes(), repairs) {
                check(&imported, text.as_bytes());
            }
        }
    }
}

/// Parts cover the octets end to end, and each line that is not empty is in a part or left out.
fn check(imported: &Imported, text: &[u8]) {
    let mut at = 0;
    for part in &imported.parts {
        assert_eq!(part.octets.start, at, "{text:?}");
        assert!(part.octets.end > at);
        at = part.octets.end;
    }
    assert_eq!(at, imported.octets.len());
    assert!(imported.stamps.is_sorted_by_key(|stamp| stamp.offset));
    let lines: Vec<&[u8]> = text.split(|&octet| octet == b'\n').collect();
    let mut covered = vec![false; lines.len()];
    let left_out = imported.left_out.iter().map(|left_out| left_out.source);
    for source in imported.parts.iter().map(|part| part.source).chain(left_out) {
        match source {
            Source::Whole => covered.fill(true),
            Source::Lines(first, last) => covered[first - 1..last].fill(true),
            Source::Packets(..) => panic!("packets in a text"),
        }
    }
    for (line, covered) in lines.iter().zip(covered) {
        let shown = String::from_utf8_lossy(text);
        assert!(
            covered || line.trim_ascii().is_empty(),
            "{:?} of\n{shown}\n{imported:?}",
            String::from_utf8_lossy(line)
        );
    }
}
