//! Data records: data information, value information, value (EN 13757-3:2018 6.2).

use super::data_information::{self, DataInformation, DataType};
use super::manufacturer::{self, Make};
use super::value::{read_coding, read_value};
use super::value_information::{self, ValueInformation};
use super::{Direction, OctetOrder};
use crate::cursor::Cursor;
use crate::error::{Problem, ProblemKind};
use crate::reading::{Function, Note, Quantity, Reading, ReadingKind, RecordInfo, Scale, ScaleSource, Value};
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

    /// The same for a reading that the caller keeps: it is larger than everything else about a record.
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
        let &dif = cursor.ahead().first()?;
        *reading = Reading::empty(Span::default());
        let start = *cursor;
        sink.enter(Node::Record(self.number), start.position());
        self.number = self.number.saturating_add(1);
        let result = match dif {
            MANUFACTURER_DATA | MORE_RECORDS_FOLLOW => {
                read_manufacturer_data(dif, self.make, cursor, reading, sink);
                Ok(())
            }
            GLOBAL_READOUT => {
                read_global_readout(cursor, reading, sink);
                Ok(())
            }
            _ => self.read_record(cursor, reading, sink),
        };
        reading.span = Span::new(start.position(), cursor.position());
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
        let mut information = ValueInformation::default();
        value_information::read_into(&mut information, self.direction, cursor, sink)?;
        let coding = read_coding(data.data_type, cursor, sink)?;
        let header_length = cursor.position() - start.position();
        describe(&data, &information, reading);
        let octets = read_value(coding, self.order, &information, reading, cursor, sink)?;
        reading.record = Some(RecordInfo {
            header: start.ahead().get(..header_length as usize).unwrap_or_default(),
            data: octets,
            function: data.function,
            storage: data.storage,
            tariff: data.tariff,
            subunit: data.subunit,
            extensions: &[],
            direction: self.direction,
            unit_text: None,
        });
        set_what_few_have(&information, self.make, reading);
        Ok(())
    }
}

fn skip_fillers(cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) {
    while cursor.peek(0) == Some(IDLE_FILLER) {
        let _ = cursor.octet(sink, |_| Field::new("idle filler", FieldValue::Marker));
    }
}

/// Everything behind DIF 0F or 1F is the manufacturer's own (EN 13757-3:2018 6.5).
fn read_manufacturer_data<'a>(
    dif: u8,
    make: Option<Make>,
    cursor: &mut Cursor<'a>,
    reading: &mut Reading<'a>,
    sink: &mut impl FieldSink,
) {
    let header = read_special_dif(cursor, sink);
    let octets = cursor.ahead();
    manufacturer::read_block(make, cursor, sink);
    reading.kind = ReadingKind::Manufacturer { more_follows: dif == MORE_RECORDS_FOLLOW };
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
            let dif = data_information::Dif(octets.first().copied().unwrap_or_default());
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

/// Most records have neither; to copy what was left empty would make the processor wait for the writing of it.
fn set_what_few_have<'a>(information: &ValueInformation<'a>, make: Option<Make>, reading: &mut Reading<'a>) {
    let Some(record) = &mut reading.record else { return };
    if !information.extensions.is_empty() {
        record.extensions = information.extensions;
        if reading.quantity == Quantity::ManufacturerSpecific
            && let Some(make) = make
        {
            let own = manufacturer::own_quantity(make, information.extensions);
            reading.quantity = own.unwrap_or(reading.quantity);
        }
    }
    if let Some(text) = information.unit_text {
        record.unit_text = Some(text);
    }
}

fn describe(data: &DataInformation, information: &ValueInformation<'_>, reading: &mut Reading<'_>) {
    let meaning = &information.meaning;
    reading.quantity = meaning.quantity;
    reading.unit = meaning.unit;
    reading.scale = Scale { exponent: meaning.exponent, source: ScaleSource::Frame };
    if data.data_type == DataType::SelectionForReadout {
        reading.note = Some(Note::Selected);
    } else if let Some(note) = information.effect.note {
        reading.note = Some(note);
    }
}

/// The problem of a DIF after which nothing can be read.
pub(super) const fn reserved(dif: u8, at: u32) -> Problem {
    Problem::new(ProblemKind::ReservedDif { dif }, at)
}
