//! Data records: data information, value information, value (EN 13757-3:2018 6.2).

use super::data_information::{self, Dif};
use super::extension::Effect;
use super::layout::read_layout;
use super::manufacturer::{self, Make};
use super::value::{Description, read_value};
use super::value_information;
use super::value_table::Meaning;
use super::{Direction, OctetOrder};
use crate::cursor::Cursor;
use crate::error::Problem;
use crate::reading::{Function, Quantity, Reading, ReadingKind, RecordInfo, Scale, ScaleSource, Value};
use crate::sink::{Field, FieldSink, FieldValue, Node};
use crate::span::Span;

const MANUFACTURER_DATA: u8 = 0x0F;
const MORE_RECORDS_FOLLOW: u8 = 0x1F;
const IDLE_FILLER: u8 = 0x2F;
const GLOBAL_READOUT: u8 = 0x7F;

/// The records of a message, in order.
///
/// A record that cannot be read ends them: nothing says where the next one would begin. The octets from there on are
/// reported as undecoded.
#[derive(Debug)]
pub struct Records<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    order: OctetOrder,
    direction: Direction,
    make: Option<Make>,
    number: u16,
}

impl<'c, 'a> Records<'c, 'a> {
    /// The records that `cursor` stands before, up to its end.
    pub const fn new(cursor: &'c mut Cursor<'a>, order: OctetOrder, direction: Direction) -> Self {
        Self { cursor, order, direction, make: None, number: 0 }
    }

    /// The same for a meter of a make, whose own data may be known.
    #[must_use]
    pub const fn of_make(mut self, make: Option<Make>) -> Self {
        self.make = make;
        self
    }

    /// Reads the next record and reports its fields.
    #[inline]
    pub fn next_into(&mut self, sink: &mut impl FieldSink) -> Option<Result<Reading<'a>, Problem>> {
        let mut reading = Reading::empty(Span::default());
        Some(self.read_into(&mut reading, sink)?.map(|()| reading))
    }

    /// The same for a reading that the caller keeps, which was [empty](Reading::empty) or came from here: it is larger than
    /// everything else about a record.
    #[inline]
    pub fn read_into(
        &mut self,
        reading: &mut Reading<'a>,
        sink: &mut impl FieldSink,
    ) -> Option<Result<(), Problem>> {
        // A copy that the optimiser keeps in registers; every record is a dozen reads.
        let mut cursor = *self.cursor;
        let result = self.read_with(&mut cursor, reading, sink);
        *self.cursor = cursor;
        result
    }

    #[inline]
    fn read_with(
        &mut self,
        cursor: &mut Cursor<'a>,
        reading: &mut Reading<'a>,
        sink: &mut impl FieldSink,
    ) -> Option<Result<(), Problem>> {
        skip_fillers(cursor, sink);
        let dif = Dif(cursor.peek(0)?);
        let start = cursor.position();
        sink.enter(Node::Record(self.number), start);
        self.number = self.number.saturating_add(1);
        let result = if is_special(dif) {
            // What a function takes by reference lies in memory from beginning to end; so it gets a copy.
            let mut rest = *cursor;
            read_special(dif, self.make, &mut rest, reading, sink);
            *cursor = rest;
            Ok(())
        } else {
            self.read_record(cursor, reading, sink)
        };
        reading.span = Span::new(start, cursor.position());
        if let Err(problem) = result {
            sink.problem(problem);
            cursor.undecoded(sink);
        } else {
            sink.reading(reading);
        }
        sink.leave(cursor.position());
        Some(result)
    }

    #[inline]
    fn read_record(
        &self,
        cursor: &mut Cursor<'a>,
        reading: &mut Reading<'a>,
        sink: &mut impl FieldSink,
    ) -> Result<(), Problem> {
        let start = *cursor;
        let data = data_information::read(cursor, sink)?;
        let mut additions = None;
        let meaning = value_information::read(&mut additions, self.direction, cursor, sink)?;
        let layout = read_layout(data.dif, cursor, sink)?;
        let header_length = cursor.position() - start.position();
        let effect = additions.as_ref().map(|additions| &additions.effect);
        describe(meaning, effect, reading);
        let description = Description { layout, order: self.order, meaning, effect };
        let octets = read_value(description, reading, cursor, sink)?;
        reading.record = Some(RecordInfo {
            header: start.ahead().get(..header_length as usize).unwrap_or(start.ahead()),
            data: octets,
            function: data.function,
            storage: data.storage,
            tariff: data.tariff,
            subunit: data.subunit,
            extensions: &[],
            direction: self.direction,
            unit_text: None,
        });
        if let (Some(additions), Some(record)) = (&additions, &mut reading.record) {
            record.extensions = additions.extensions;
            // Few have one, and the processor waits where it reads in one piece what was just written in several.
            if additions.unit_text.is_some() {
                record.unit_text = additions.unit_text;
            }
            if reading.quantity == Quantity::ManufacturerSpecific
                && let Some(make) = self.make
            {
                let own = manufacturer::own_quantity(make, additions.extensions);
                reading.quantity = own.unwrap_or(reading.quantity);
            }
        }
        Ok(())
    }
}

fn skip_fillers(cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) {
    while cursor.peek(0) == Some(IDLE_FILLER) {
        let _ = cursor.octet(sink, |_| Field::new("idle filler", FieldValue::Marker));
    }
}

/// Whether nothing follows the DIF as it follows others; a reserved one is refused where it is read.
const fn is_special(dif: Dif) -> bool {
    dif.is_special() && matches!(dif.0, MANUFACTURER_DATA | MORE_RECORDS_FOLLOW | GLOBAL_READOUT)
}

/// Reads a record that is more or less than data information, value information and value.
#[inline(never)]
fn read_special<'a>(
    dif: Dif,
    make: Option<Make>,
    cursor: &mut Cursor<'a>,
    reading: &mut Reading<'a>,
    sink: &mut impl FieldSink,
) {
    *reading = Reading::empty(Span::default());
    match dif.0 {
        MANUFACTURER_DATA => read_manufacturer_data(false, make, cursor, reading, sink),
        MORE_RECORDS_FOLLOW => read_manufacturer_data(true, make, cursor, reading, sink),
        _ => read_global_readout(cursor, reading, sink),
    }
}

/// Everything behind DIF 0F or 1F is the manufacturer's own (EN 13757-3:2018 6.5).
fn read_manufacturer_data<'a>(
    more_follows: bool,
    make: Option<Make>,
    cursor: &mut Cursor<'a>,
    reading: &mut Reading<'a>,
    sink: &mut impl FieldSink,
) {
    let header = read_special_dif(cursor, sink);
    let octets = cursor.ahead();
    manufacturer::read_block(make, cursor, sink);
    reading.kind = ReadingKind::Manufacturer { more_follows };
    reading.quantity = Quantity::ManufacturerSpecific;
    reading.value = Value::Octets(octets);
    reading.record = Some(special_record(header, octets));
}

fn read_global_readout<'a>(cursor: &mut Cursor<'a>, reading: &mut Reading<'a>, sink: &mut impl FieldSink) {
    let header = read_special_dif(cursor, sink);
    reading.kind = ReadingKind::GlobalReadout;
    reading.record = Some(special_record(header, &[]));
}

fn read_special_dif<'a>(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> &'a [u8] {
    cursor
        .field(1, sink, |octets| {
            let dif = Dif(octets.first().copied().unwrap_or_default());
            (Field::new("DIF", FieldValue::Dif(dif)), octets)
        })
        .unwrap_or_default()
}

const fn special_record<'a>(header: &'a [u8], data: &'a [u8]) -> RecordInfo<'a> {
    RecordInfo {
        header,
        data,
        function: Function::Instantaneous,
        storage: 0,
        tariff: 0,
        subunit: 0,
        extensions: &[],
        direction: Direction::FromMeter,
        unit_text: None,
    }
}

#[inline]
fn describe(meaning: Meaning, effect: Option<&Effect>, reading: &mut Reading<'_>) {
    reading.kind = ReadingKind::Value;
    reading.quantity = meaning.quantity;
    reading.unit = meaning.unit;
    reading.scale = Scale { exponent: meaning.exponent, source: ScaleSource::Frame };
    reading.note = None;
    // Not both as they are: the processor waits where it reads in one piece what was just written in several.
    if let Some(Effect { note: Some(note), .. }) = effect {
        reading.note = Some(*note);
    }
}
