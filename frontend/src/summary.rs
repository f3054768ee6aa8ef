//! One line on an item of the frame list. Made when the line comes on the screen.

use meterscope_decoder::link::{FrameKind, SkipReason};
use meterscope_decoder::message::Meter;
use meterscope_decoder::reading::{Quantity, Reading};
use meterscope_decoder::sink::{Field, FieldSink, FieldValue};
use meterscope_decoder::span::Span;

use crate::annotation::OwnedReading;
use crate::copy::hex;
use crate::session::{IndexedItem, ItemKind, SenderName, Session};
use crate::text::{Shown, Text, fill};

/// What kind of item it is.
pub fn kind(text: Text, kind: ItemKind) -> &'static str {
    let words = text.words();
    match kind {
        ItemKind::Skipped(_) => words.kind_skipped,
        ItemKind::Good(kind) | ItemKind::Damaged(kind) => match kind {
            FrameKind::Hdlc => "HDLC",
            FrameKind::P1 => "P1",
            FrameKind::Llc => "LLC",
            FrameKind::Apdu => "APDU",
            FrameKind::MbusAck => words.kind_ack,
            FrameKind::MbusShort => words.kind_short,
            FrameKind::MbusControl => words.kind_control,
            FrameKind::MbusLong => words.kind_long,
        },
    }
}

/// What it holds, or what is wrong with it.
pub fn content(text: Text, session: &Session, number: usize) -> String {
    let Some(item) = session.item(number) else { return String::new() };
    let words = text.words();
    if let ItemKind::Skipped(reason) = item.kind {
        return skip_reason(text, reason).to_owned();
    }
    if let Some(problem) = item.problem {
        let octet = text.numbers.whole(u64::from(problem.at));
        let short = text.short_problem(problem.kind);
        // A place in joined or deciphered octets says nothing here.
        let what = if item.problem_in_frame { fill(words.bad_octet, &[&short, &octet]) } else { short };
        return match item.kind {
            ItemKind::Good(_) if item.readings > 0 => {
                format!("{} · {what}", text.count(words.reading_count, u64::from(item.readings)))
            }
            _ => what,
        };
    }
    message(text, session, number, item)
}

fn message(text: Text, session: &Session, number: usize, item: &IndexedItem) -> String {
    let words = text.words();
    let mut headline = Headline::default();
    let decoded = session.decode(number, &mut headline);
    let Some(message) = decoded.message else {
        return match session.completed_by(number) {
            Some(last) => fill(words.part_of_message, &[&text.numbers.whole(last as u64 + 1)]),
            None => headline.control.unwrap_or(words.no_message).to_owned(),
        };
    };
    let list = message.list.map(|list| list.0.to_string());
    let meter = message.meter.map(meter_name);
    let count = text.count(words.reading_count, u64::from(item.readings));
    let first = headline.reading.map(|reading| {
        let Shown { value, unit } = text.shown(&reading);
        format!("{value}\u{A0}{unit}")
    });
    let parts: Vec<String> = list.or(meter).into_iter().chain(first).chain([count]).collect();
    parts.join(" · ")
}

/// What skipped octets look like.
pub const fn skip_reason(text: Text, reason: SkipReason) -> &'static str {
    let words = text.words();
    match reason {
        SkipReason::Idle => words.skipped_idle,
        SkipReason::Text => words.skipped_text,
        SkipReason::Noise => words.skipped_noise,
    }
}

/// Manufacturer and number, as printed on the meter.
pub fn meter_name(meter: Meter) -> String {
    let letters =
        meter.manufacturer.map(|letters| letters.iter().map(|&letter| char::from(letter)).collect());
    let manufacturer: String = letters.unwrap_or_default();
    let id = meter.id.map(|id| id.to_string()).unwrap_or_default();
    format!("{manufacturer} {id}").trim().to_owned()
}

/// Who sends ciphered messages, as a person finds it on the meter or in a letter.
pub fn sender_name(text: Text, sender: SenderName) -> String {
    match sender {
        SenderName::Title(title) => title_text(title),
        SenderName::Meter(letters, number) => {
            format!("{} {number:08X}", String::from_utf8_lossy(&letters)).trim().to_owned()
        }
        SenderName::Unknown => text.words().sender_unknown.to_owned(),
    }
}

/// A system title: the letters of the manufacturer, where there are such, then octets.
pub fn title_text(title: [u8; 8]) -> String {
    let (letters, rest) = title.split_at(3);
    if letters.iter().all(u8::is_ascii_alphabetic) {
        format!("{} {}", String::from_utf8_lossy(letters), hex(rest))
    } else {
        hex(&title)
    }
}

/// Finds the value that a person looks for first: a power, else the first energy; and what an M-Bus frame is for.
#[derive(Default)]
struct Headline {
    reading: Option<OwnedReading>,
    control: Option<&'static str>,
}

impl FieldSink for Headline {
    fn field(&mut self, field: Field<'_>, _: Span) {
        if let ("C field", FieldValue::Code { meaning, .. }) = (field.name, field.value) {
            self.control = Some(meaning);
        }
    }

    fn reading(&mut self, reading: &Reading<'_>) {
        let total = reading.is_current() && reading.tariff() == 0 && reading.value.number().is_some();
        let power = matches!(reading.quantity, Quantity::ActivePowerImport | Quantity::Power);
        let energy = matches!(reading.quantity, Quantity::ActiveEnergyImport | Quantity::Energy);
        let better = match &self.reading {
            None => power || energy,
            Some(found) => power && !matches!(found.quantity, Quantity::ActivePowerImport | Quantity::Power),
        };
        if better && total {
            self.reading = Some(OwnedReading::new(reading, 0));
        }
    }
}
