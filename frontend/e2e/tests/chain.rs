//! The whole chain: `encode` → the master simulator's image in simavr → a bus → the forwarder's image in simavr →
//! a pseudo-terminal → the page in a real Chromium. What it shows is what the meter said.

use std::time::Duration;

use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};
use meterscope_decoder::encode::{Clock, HeatMeasurements, Heating, Household, Measurements};
use meterscope_e2e::simulated_board::SimulatedBoard;
use meterscope_e2e::transcript;
use meterscope_e2e::{Bench, Connection, FrameState, Outcome, Page, live_scenario};
use meterscope_firmware_logic::master_command::MasterCommand;

/// What the meter's clock shows when the simulation begins: a full ten seconds, with which lists begin.
const CLOCK: &str = "2026-11-21 18:10:00";
/// A list with all values comes every ten seconds, and a browser that is busy takes some to show it.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn kaifa() -> Outcome {
    let digits = Digits { current_places: 3, voltage_places: 1, has_signs: false };
    chain(&Meter { kind: MeterKind::Kaifa, name: "kaifa", settings: "2400 8E1", digits }).await
}

#[tokio::test]
async fn kamstrup() -> Outcome {
    let digits = Digits { current_places: 2, voltage_places: 0, has_signs: false };
    chain(&Meter { kind: MeterKind::Kamstrup, name: "kamstrup", settings: "2400 8N1", digits }).await
}

#[tokio::test]
async fn aidon() -> Outcome {
    let digits = Digits { current_places: 1, voltage_places: 1, has_signs: true };
    chain(&Meter { kind: MeterKind::Aidon, name: "aidon", settings: "2400 8E1", digits }).await
}

/// The meter answers its master, and both are heard.
#[tokio::test]
async fn heat() -> Outcome {
    let digits = Digits { current_places: 0, voltage_places: 0, has_signs: true };
    chain(&Meter { kind: MeterKind::Heat, name: "heat", settings: "2400 8E1", digits }).await
}

struct Meter {
    kind: MeterKind,
    name: &'static str,
    settings: &'static str,
    digits: Digits,
}

/// How a meter writes what it measures of phases.
struct Digits {
    /// How many digits behind the point it sends.
    current_places: u32,
    voltage_places: u32,
    /// Whether currents have a sign.
    has_signs: bool,
}

/// A frame as the meter should send it, and what it measured then.
struct Frame {
    octets: Vec<u8>,
    said: Said,
}

enum Said {
    House(Box<Measurements>),
    Heat(HeatMeasurements),
}

/// Those of the power alone are shorter, and so are requests.
const SHORTEST_FULL_LIST: usize = 100;

async fn chain(meter: &Meter) -> Outcome {
    live_scenario(async |bench, page| {
        let simulated = SimulatedBoard::start(bench.board(), meter.name, Some(CLOCK))?;
        page.connect("find").await?;
        page.wait_for_connection(Connection::Open).await?;
        assert_eq!(page.text("#live-board").await?, "Meterscope forwarder 1, marked");
        assert_eq!(page.text("#live-settings").await?, meter.settings);
        let cards = meter.values(&meter.frames()[0].said).len();
        let has_all = format!("document.querySelectorAll('#value-cards .value-card').length >= {cards}");
        page.wait_long(&has_all, PATIENCE).await?;
        page.click("#disconnect-button").await?;
        page.wait_for_connection(Connection::Closed).await?;
        drop(simulated);
        compare(meter, bench, page).await
    })
    .await
}

/// Octets, frames, cards and fields.
async fn compare(meter: &Meter, bench: &Bench, page: &Page) -> Outcome {
    let captured = page.export_octets(bench).await?;
    let frames = meter.frames();
    let octets: Vec<_> = frames.iter().map(|frame| frame.octets.clone()).collect();
    let line = meter.settings.parse().map_err(|_| format!("{} are no line settings", meter.settings))?;
    let piece = transcript::find(&octets, line, &captured)
        .ok_or_else(|| format!("the meter did not say what the page has: {captured:02X?}"))?;
    let whole = frames.get(piece.whole).ok_or("there is no such frame")?;
    let rows = page.frames().await?;
    // In front of the first there may be the rest of one in which the board was started, and behind the last the beginning
    // of one in which the page let go of it. Between them all is good.
    let begin = rows.iter().position(|row| row.state == FrameState::Good).ok_or("no frame is good")?;
    assert!(begin == 0 || piece.begins_inside, "{rows:#?}");
    let (good, behind) =
        rows.get(begin..).and_then(|rows| rows.split_at_checked(whole.len())).ok_or("rows are missing")?;
    assert!(good.iter().all(|row| row.state == FrameState::Good), "{rows:#?}");
    assert!(behind.len() <= usize::from(piece.ends_inside), "{rows:#?}");
    assert!(behind.iter().all(|row| row.state != FrameState::Good), "{rows:#?}");

    let last = whole.last().ok_or("no frame came whole")?;
    let is_full = |frame: &Frame| frame.octets.len() >= SHORTEST_FULL_LIST;
    let place = whole.iter().rposition(is_full).ok_or("no full list came")?;
    let full = &whole[place];
    // Every list has the power, but no request has.
    let newest = if meter.kind == MeterKind::Heat { full } else { last };
    let power = meter.values(&newest.said).into_iter().take(1);
    for value in power.chain(meter.values(&full.said).into_iter().skip(1)) {
        let card = value.card();
        let shown = [".card-number", ".card-unit"].map(|part| format!("{card} {part}"));
        assert_eq!(number(&page.text(&shown[0]).await?), value.number, "{card}");
        assert_eq!(page.text(&shown[1]).await?, value.unit, "{card}");
    }

    let row = format!("#frame-list .frame-row[data-index='{}']", good[place].index);
    page.click(&row).await?;
    page.wait_until(&format!("document.querySelector(`{row}`).getAttribute('aria-selected') === 'true'"))
        .await?;
    let fields = page.field_texts().await?;
    for value in meter.values(&full.said) {
        let (expected, unit) = value.in_field();
        let meaning = format!("{unit} {}", value.quantity);
        let shows = |field: &String| {
            let (shown, rest) = second_line(field);
            number(shown) == expected && rest.starts_with(&meaning)
        };
        assert!(fields.iter().any(shows), "no field shows {value:?}: {fields:#?}");
    }
    Ok(())
}

/// What one card is to show.
#[derive(Debug)]
struct Value {
    /// As fields name it.
    quantity: &'static str,
    phase: Option<&'static str>,
    number: String,
    unit: &'static str,
}

impl Value {
    /// Fields have energy in Wh.
    fn in_field(&self) -> (String, &'static str) {
        match self.unit {
            "kWh" => (format!("{}000", self.number), "Wh"),
            unit => (self.number.clone(), unit),
        }
    }

    fn card(&self) -> String {
        let phase =
            self.phase.map_or(":not([data-phase])".to_owned(), |phase| format!("[data-phase='{phase}']"));
        format!("#value-cards .value-card[data-quantity='{}']{phase}", self.quantity.replace(' ', "-"))
    }
}

impl Meter {
    /// What it should say from the beginning of the simulation on.
    fn frames(&self) -> Vec<Frame> {
        let start = clock();
        let mut demo = Demo::new(self.kind, start);
        let (mut frames, mut buffer) = (Vec::new(), [0; LONGEST_FRAME]);
        while u128::from(demo.next_at_ms()) < 4 * PATIENCE.as_millis()
            && let Ok(frame) = demo.next_frame(&mut buffer)
        {
            let seconds = frame.at_ms / 1000;
            let said = if self.kind == MeterKind::Heat {
                let mut house = Heating::starting(start);
                house.advance(seconds);
                Said::Heat(house.measurements())
            } else {
                let mut house = Household::starting(start);
                house.advance(seconds);
                Said::House(Box::new(house.measurements()))
            };
            frames.push(Frame { octets: frame.octets.to_vec(), said });
        }
        frames
    }

    /// What is to be shown, power first.
    fn values(&self, said: &Said) -> Vec<Value> {
        match said {
            Said::House(said) => self.digits.values(said),
            Said::Heat(said) => heat_values(said),
        }
    }
}

impl Digits {
    fn values(&self, said: &Measurements) -> Vec<Value> {
        let powers = [
            ("active power import", "W"),
            ("active power export", "W"),
            ("reactive power import", "var"),
            ("reactive power export", "var"),
        ];
        let powers = powers.into_iter().zip(said.power.directions());
        let mut values: Vec<Value> = powers
            .map(|((quantity, unit), power)| Value {
                quantity,
                phase: None,
                number: decimal(power.into(), 0),
                unit,
            })
            .collect();
        for (phase, name) in said.phases.iter().zip(["L1", "L2", "L3"]) {
            let sign = if self.has_signs { 1 } else { phase.current_ma.signum() };
            let current = i64::from(sign * phase.current_ma) / 10_i64.pow(3 - self.current_places);
            let voltage = i64::from(phase.voltage_dv) / 10_i64.pow(1 - self.voltage_places);
            let value = |quantity, number, unit| Value { quantity, phase: Some(name), number, unit };
            values.push(value("current", decimal(current, self.current_places), "A"));
            values.push(value("voltage", decimal(voltage, self.voltage_places), "V"));
        }
        values
    }
}

/// The meter sends l/h, which are shown as m³/h.
fn heat_values(said: &HeatMeasurements) -> Vec<Value> {
    [
        ("power", i64::from(said.power_w), 0, "W"),
        ("energy", said.energy_kwh.into(), 0, "kWh"),
        ("volume", said.volume_dal.into(), 2, "m³"),
        ("volume flow", said.flow_l_per_h.into(), 3, "m³/h"),
        ("flow temperature", said.flow_temperature_c_celsius.into(), 2, "°C"),
        ("return temperature", said.return_temperature_c_celsius.into(), 2, "°C"),
        ("temperature difference", said.difference_ck().into(), 2, "K"),
        ("on time", said.on_time_h.into(), 0, "h"),
    ]
    .map(|(quantity, digits, places, unit)| Value {
        quantity,
        phase: None,
        number: decimal(digits, places),
        unit,
    })
    .into()
}

/// [`CLOCK`] as `encode` has it.
fn clock() -> Clock {
    match MasterCommand::parse(format!("clock {CLOCK}").as_bytes()) {
        Ok(MasterCommand::Clock(clock)) => clock,
        other => panic!("{CLOCK} is no time: {other:?}"),
    }
}

/// Digits with a point in front of the last `places`.
fn decimal(digits: i64, places: u32) -> String {
    let (sign, one) = (if digits < 0 { "-" } else { "" }, 10_u64.pow(places));
    let (whole, part) = (digits.unsigned_abs() / one, digits.unsigned_abs() % one);
    if places == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{part:0width$}", width = places as usize)
    }
}

/// A number as the page writes it, without what is only there to be read more easily.
fn number(text: &str) -> String {
    text.replace('−', "-").chars().filter(|&it| it.is_ascii_digit() || it == '-' || it == '.').collect()
}

/// There a field has its value, and behind that the unit and what was measured.
fn second_line(field: &str) -> (&str, &str) {
    field.lines().nth(1).and_then(|line| line.split_once('\u{a0}')).unwrap_or_default()
}
