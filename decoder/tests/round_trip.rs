//! What an invented meter measures is what the decoder reads from its frames.

mod common;

use common::corpus::before_the_hour;
use meterscope_decoder::date_time::{Date, DateTime, Time};
use meterscope_decoder::decimal::Decimal;
use meterscope_decoder::decode::decode;
use meterscope_decoder::encode::aidon::{self, Wiring};
use meterscope_decoder::encode::{
    EncodeError, HeatMeasurements, Heating, Household, Measurements, Writer, heat_meter, kaifa, kamstrup,
    landis_gyr, p1_meter,
};
use meterscope_decoder::error::Problem;
use meterscope_decoder::link::Frames;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::message::Message;
use meterscope_decoder::reading::{Quantity, Reading, Unit, Value};
use meterscope_decoder::sink::FieldSink;

/// A reading without its buffer.
#[derive(Debug)]
struct Read {
    obis: Option<[u8; 6]>,
    quantity: Quantity,
    storage: u64,
    number: Option<Decimal>,
    unit: Unit,
    text: Option<String>,
    time: Option<DateTime>,
}

#[derive(Default)]
struct Collect(Vec<Read>);

impl FieldSink for Collect {
    fn problem(&mut self, problem: Problem) {
        panic!("{problem} at {}", problem.at);
    }

    fn reading(&mut self, reading: &Reading<'_>) {
        self.0.push(Read {
            obis: reading.obis.map(|obis| obis.0),
            quantity: reading.quantity,
            storage: reading.record.map_or(0, |record| record.storage),
            number: reading.value.number(),
            unit: reading.unit,
            text: if let Value::Text(text) = reading.value { Some(text.to_string()) } else { None },
            time: if let Value::Time(time) = reading.value { Some(time) } else { None },
        });
    }
}

fn read(write: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>) -> (Message, Vec<Read>) {
    let mut buffer = [0; 2048];
    let mut writer = Writer::new(&mut buffer);
    write(&mut writer).expect("the buffer is long enough");
    let items: Vec<_> = Frames::new(writer.finish()).collect();
    let [Item::Frame(frame)] = items[..] else { panic!("{items:?}") };
    let mut collect = Collect::default();
    let message = decode(&frame, &mut collect).message.expect("a message");
    (message, collect.0)
}

fn list_of(message: &Message) -> String {
    message.list.map(|list| list.0.to_string()).unwrap_or_default()
}

/// Which digits a meter sends of what it measures: value on the wire × 10^exponent.
#[derive(Clone, Copy)]
struct Form {
    current: fn(i32) -> Decimal,
    voltage: fn(u16) -> Decimal,
    energy: fn(u32) -> Decimal,
}

const WATT_HOURS: fn(u32) -> Decimal = |wh| Decimal::new(wh.into(), 0);
const TEN_WATT_HOURS: fn(u32) -> Decimal = |wh| Decimal::new((wh / 10).into(), 1);
const DECIVOLT: fn(u16) -> Decimal = |dv| Decimal::new(dv.into(), -1);

const AIDON: Form =
    Form { current: |ma| Decimal::new((ma / 100).into(), -1), voltage: DECIVOLT, energy: TEN_WATT_HOURS };
const LANDIS_GYR: Form =
    Form { current: |ma| Decimal::new((ma / 10).into(), -2), voltage: DECIVOLT, energy: WATT_HOURS };
const KAIFA: Form =
    Form { current: |ma| Decimal::new(ma.abs().into(), -3), voltage: DECIVOLT, energy: WATT_HOURS };
const KAMSTRUP: Form = Form {
    current: |ma| Decimal::new((ma.abs() / 10).into(), -2),
    voltage: |dv| Decimal::new((dv / 10).into(), 0),
    energy: |count| Decimal::new((count / 10).into(), 0),
};
const P1: Form =
    Form { current: |ma| Decimal::new((ma.abs() / 100).into(), -1), voltage: DECIVOLT, energy: WATT_HOURS };

/// Panics unless `c.d.0` was read with this value.
fn expect(readings: &[Read], (c, d): (u8, u8), value: Decimal, unit: Unit) {
    let of_object =
        |read: &&Read| matches!(read.obis, Some([_, _, found, kind, 0, _]) if (found, kind) == (c, d));
    let found: Vec<_> = readings.iter().filter(of_object).collect();
    let [read] = found[..] else { panic!("{c}.{d}.0 was read {} times: {readings:#?}", found.len()) };
    assert_eq!(read.unit, unit, "{c}.{d}.0");
    let number = read.number.unwrap_or_else(|| panic!("{c}.{d}.0 has no number"));
    let difference = number.plus(Decimal { negative: !value.negative && value.digits != 0, ..value });
    assert!(difference.is_some_and(|zero| zero.digits == 0), "{c}.{d}.0 is {number}, not {value}");
}

fn expect_powers(readings: &[Read], now: &Measurements) {
    let units = [Unit::Watt, Unit::Watt, Unit::Var, Unit::Var];
    for ((value, unit), c) in now.power.directions().into_iter().zip(units).zip(1..) {
        expect(readings, (c, 7), Decimal::new(value.into(), 0), unit);
    }
}

fn expect_phases(readings: &[Read], now: &Measurements, form: Form) {
    for (phase, c) in now.phases.iter().zip([31, 51, 71]) {
        expect(readings, (c, 7), (form.current)(phase.current_ma), Unit::Ampere);
        expect(readings, (c + 1, 7), (form.voltage)(phase.voltage_dv), Unit::Volt);
    }
}

fn expect_energies(readings: &[Read], now: &Measurements, form: Form) {
    let units = [Unit::WattHour, Unit::WattHour, Unit::VarHour, Unit::VarHour];
    for ((value, unit), c) in now.energy.directions().into_iter().zip(units).zip(1..) {
        expect(readings, (c, 8), (form.energy)(value), unit);
    }
}

fn expect_text(readings: &[Read], text: &[u8]) {
    let text = String::from_utf8(text.to_vec()).expect("text");
    let shown = |read: &Read| read.text.as_deref().map(|text| text.trim_end_matches('\0').to_owned());
    let wanted = Some(text.trim_end_matches('\0').to_owned());
    assert!(readings.iter().any(|read| shown(read) == wanted), "{text} is missing: {readings:#?}");
}

fn expect_time(readings: &[Read], time: DateTime) {
    let found = readings.iter().any(|read| read.time.is_some_and(|found| parts(found) == parts(time)));
    assert!(found, "{time} is missing: {readings:#?}");
}

/// Date and time of day, without what only some wire forms say.
fn parts(time: DateTime) -> (Option<Date>, Option<Time>) {
    (time.date, time.time)
}

/// Moments with import, with export, and with the kettle on.
fn moments() -> impl Iterator<Item = Measurements> {
    let mut house = Household::starting(before_the_hour());
    (0..40).map(move |_| {
        house.advance(1237);
        house.measurements()
    })
}

#[test]
fn aidon() {
    for now in moments() {
        let (_, readings) = read(|w| aidon::frame(w, aidon::List::One, Wiring::FourWire, &now));
        assert_eq!(readings.len(), 1);
        expect(&readings, (1, 7), Decimal::new(now.power.active_import_w.into(), 0), Unit::Watt);

        for (wiring, items) in [(Wiring::SinglePhase, 9), (Wiring::ThreeWire, 12), (Wiring::FourWire, 13)] {
            let (message, readings) = read(|w| aidon::frame(w, aidon::List::Two, wiring, &now));
            assert_eq!(list_of(&message), "AIDON_V0001");
            assert_eq!(readings.len(), items);
            expect_powers(&readings, &now);
        }
        let (_, readings) = read(|w| aidon::frame(w, aidon::List::Three, Wiring::FourWire, &now));
        assert_eq!(readings.len(), 18);
        expect_powers(&readings, &now);
        expect_phases(&readings, &now, AIDON);
        expect_energies(&readings, &now, AIDON);
        expect_text(&readings, aidon::METER_ID);
        expect_time(&readings, now.clock.hour_start().date_time());
    }
}

#[test]
fn aidon_of_sweden() {
    for now in moments() {
        let (_, readings) = read(|w| aidon::swedish_frame(w, &now));
        assert_eq!(readings.len(), 27);
        expect_powers(&readings, &now);
        expect_phases(&readings, &now, AIDON);
        expect_energies(&readings, &now, P1);
        for (phase, c) in now.phases.iter().zip([21, 41, 61]) {
            expect(&readings, (c, 7), Decimal::new(phase.power.active_import_w.into(), 0), Unit::Watt);
            expect(&readings, (c + 3, 7), Decimal::new(phase.power.reactive_export_var.into(), 0), Unit::Var);
        }
        expect_time(&readings, now.clock.date_time());
    }
}

#[test]
fn landis_gyr() {
    for now in moments() {
        let (_, readings) = read(|w| landis_gyr::frame(w, landis_gyr::List::Three, &now));
        assert_eq!(readings.len(), 18);
        expect_powers(&readings, &now);
        expect_phases(&readings, &now, LANDIS_GYR);
        expect_energies(&readings, &now, LANDIS_GYR);
        expect_text(&readings, landis_gyr::METER_ID);
    }
}

#[test]
fn kaifa() {
    for now in moments() {
        let (message, readings) = read(|w| kaifa::frame(w, kaifa::List::One, &now));
        assert_eq!(message.time.map(parts), Some(parts(now.clock.date_time())));
        expect(&readings, (1, 7), Decimal::new(now.power.active_import_w.into(), 0), Unit::Watt);

        let (message, readings) = read(|w| kaifa::frame(w, kaifa::List::Three, &now));
        assert_eq!(list_of(&message), "KFM_001");
        assert_eq!(readings.len(), 18);
        expect_powers(&readings, &now);
        expect_phases(&readings, &now, KAIFA);
        expect_energies(&readings, &now, KAIFA);
        expect_text(&readings, kaifa::METER_ID);
        expect_time(&readings, now.clock.date_time());
    }
}

#[test]
fn kamstrup() {
    for now in moments() {
        for list in [kamstrup::List::One, kamstrup::List::Two] {
            let (message, readings) = read(|w| kamstrup::frame(w, list, &now));
            assert_eq!(message.time.map(parts), Some(parts(now.clock.date_time())));
            assert_eq!(list_of(&message), "Kamstrup_V0001");
            expect_powers(&readings, &now);
            expect_phases(&readings, &now, KAMSTRUP);
            expect_text(&readings, kamstrup::METER_ID);
            if list == kamstrup::List::Two {
                // 10 Wh in Norway and 1 Wh in Sweden, and the frame does not say which: the number stays as it came.
                for (value, c) in now.energy.directions().into_iter().zip(1..) {
                    expect(&readings, (c, 8), (KAMSTRUP.energy)(value), Unit::None);
                }
                expect_time(&readings, now.clock.date_time());
            }
        }
    }
}

#[test]
fn p1_of_sweden() {
    for now in moments() {
        let (_, readings) = read(|w| p1_meter::swedish_telegram(w, &now));
        assert_eq!(readings.len(), 27);
        expect_powers(&readings, &now);
        expect_phases(&readings, &now, P1);
        expect_energies(&readings, &now, P1);
    }
}

#[test]
fn p1_of_the_netherlands() {
    for now in moments() {
        let (_, readings) = read(|w| p1_meter::dsmr5_telegram(w, &now));
        expect(&readings, (1, 7), Decimal::new(now.power.active_import_w.into(), 0), Unit::Watt);
        for (phase, c) in now.phases.iter().zip([31, 51, 71]) {
            expect(&readings, (c, 7), Decimal::new((phase.current_ma.abs() / 1000).into(), 0), Unit::Ampere);
            expect(&readings, (c + 1, 7), DECIVOLT(phase.voltage_dv), Unit::Volt);
        }
    }
}

/// Panics unless a record of this storage was read with this value.
fn expect_record(readings: &[Read], quantity: Quantity, storage: u64, value: Decimal, unit: Unit) {
    let of_record =
        |read: &&Read| read.quantity == quantity && read.storage == storage && read.number.is_some();
    let found: Vec<_> = readings.iter().filter(of_record).collect();
    let [read] = found[..] else { panic!("{quantity:?} was read {} times: {readings:#?}", found.len()) };
    assert_eq!((read.number, read.unit), (Some(value), unit), "{quantity:?}");
}

fn expect_heat(readings: &[Read], now: &HeatMeasurements) {
    let whole = |number: u32, exponent| Decimal::new(number.into(), exponent);
    let centi = |number: i32| Decimal::new(number.into(), -2);
    for (quantity, storage, value, unit) in [
        (Quantity::Energy, 0, whole(now.energy_kwh, 3), Unit::WattHour),
        (Quantity::Energy, 1, whole(now.stored.energy_kwh, 3), Unit::WattHour),
        (Quantity::Volume, 0, whole(now.volume_dal, -2), Unit::CubicMetre),
        (Quantity::Volume, 1, whole(now.stored.volume_dal, -2), Unit::CubicMetre),
        (Quantity::Power, 0, whole(now.power_w, 0), Unit::Watt),
        (Quantity::VolumeFlow, 0, whole(now.flow_l_per_h, -3), Unit::CubicMetrePerHour),
        (Quantity::FlowTemperature, 0, centi(now.flow_temperature_c_celsius), Unit::Celsius),
        (Quantity::ReturnTemperature, 0, centi(now.return_temperature_c_celsius), Unit::Celsius),
        (Quantity::TemperatureDifference, 0, centi(now.difference_ck()), Unit::Kelvin),
        (Quantity::OnTime, 0, whole(now.on_time_h, 0), Unit::Hour),
        (Quantity::ErrorFlags, 0, whole(now.alarms.into(), 0), Unit::None),
    ] {
        expect_record(readings, quantity, storage, value, unit);
    }
}

#[test]
fn heat_meter() {
    let mut house = Heating::starting(before_the_hour());
    let mut alarms = 0;
    for access in 0..80 {
        let now = house.measurements();
        house.advance(1195);
        alarms += u32::from(now.alarms != 0);
        let (message, readings) = read(|w| heat_meter::response(w, access, &now));
        assert_eq!((message.access, message.status.is_some_and(|s| s != 0)), (Some(access), now.alarms != 0));
        let meter = message.meter.expect("a meter");
        assert_eq!(meter.id.expect("an identification").to_string(), heat_meter::METER_ID.to_string());
        assert_eq!((meter.manufacturer, meter.medium), (Some(heat_meter::MANUFACTURER), Some(4)));
        expect_heat(&readings, &now);
        // Type F has no seconds.
        let (date, time_of_day) = parts(now.clock.date_time());
        let minute = (date, time_of_day.map(|time| Time { second: None, ..time }));
        assert!(readings.iter().any(|read| read.time.map(parts) == Some(minute)));
        let stored = now.stored.date.date_time().date;
        assert!(readings.iter().any(|read| {
            read.storage == 1 && read.time.is_some_and(|time| time.date == stored && time.time.is_none())
        }));
    }
    assert!(alarms > 0, "an alarm among the answers");
}
