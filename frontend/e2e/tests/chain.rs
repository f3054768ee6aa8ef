//! The whole chain: `encode` → the master simulator's image in simavr → a bus → the forwarder's image in simavr →
//! a pseudo-terminal → the page in a real Chromium. What it shows is what the meter said.

use std::time::Duration;

use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};
use meterscope_decoder::encode::{Clock, Household, Measurements};
use meterscope_e2e::simulated_board::SimulatedBoard;
use meterscope_e2e::{Bench, Connection, FrameState, Outcome, Page, live_scenario};
use meterscope_firmware_logic::master_command::MasterCommand;

/// What the meter's clock shows when the simulation begins: a full ten seconds, with which lists begin.
const CLOCK: &str = "2026-11-21 07:10:00";
/// A list with all values comes every ten seconds, and a browser needs some to start.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn kaifa() -> Outcome {
    chain(&Meter { name: "kaifa", kind: MeterKind::Kaifa, current_places: 3, voltage_places: 1 }).await
}

#[tokio::test]
async fn kamstrup() -> Outcome {
    chain(&Meter { name: "kamstrup", kind: MeterKind::Kamstrup, current_places: 2, voltage_places: 0 }).await
}

#[tokio::test]
async fn aidon() -> Outcome {
    chain(&Meter { name: "aidon", kind: MeterKind::Aidon, current_places: 1, voltage_places: 1 }).await
}

/// The same, as `encode` has it.
fn clock() -> Clock {
    match MasterCommand::parse(format!("clock {CLOCK}").as_bytes()) {
        Ok(MasterCommand::Clock(clock)) => clock,
        other => panic!("{CLOCK} is no time: {other:?}"),
    }
}

struct Meter {
    name: &'static str,
    kind: MeterKind,
    /// How many digits behind the point it sends.
    current_places: usize,
    voltage_places: usize,
}

/// A frame as the meter should send it.
struct Frame {
    octets: Vec<u8>,
    said: Measurements,
}

/// Lists of the power alone are shorter.
const SHORTEST_FULL_LIST: usize = 100;

async fn chain(meter: &Meter) -> Outcome {
    live_scenario(async |bench, page| {
        let simulated = SimulatedBoard::start(bench.board(), meter.name, Some(CLOCK))?;
        page.connect("find").await?;
        page.wait_for_connection(Connection::Open).await?;
        assert_eq!(page.text("#live-board").await?, "Meterscope forwarder 1, marked");
        page.wait_long("document.querySelectorAll('#value-cards .value-card').length > 6", PATIENCE).await?;
        page.click("#disconnect-button").await?;
        page.wait_for_connection(Connection::Closed).await?;
        drop(simulated);
        compare(meter, bench, page).await
    })
    .await
}

async fn compare(meter: &Meter, bench: &Bench, page: &Page) -> Outcome {
    let captured = page.export_octets(bench).await?;
    let frames = meter.frames();
    if captured_frames(&frames, &captured).is_none() { std::fs::write("/tmp/vboard-captured.bin", &captured)?; let all: Vec<u8> = frames.iter().flat_map(|f| f.octets.clone()).collect(); std::fs::write("/tmp/vboard-said.bin", all)?; let f = page.save_recording(bench).await?; std::fs::copy(f, "/tmp/vboard-rec.pcapng")?; }
    let whole =
        captured_frames(&frames, &captured).ok_or("the page has octets that the meter did not say")?;
    let rows: Vec<_> = page.frames().await?.into_iter().filter(|row| row.state == FrameState::Good).collect();
    assert_eq!(rows.len(), whole.len());
    assert_eq!(
        page.text("#live-settings").await?,
        if meter.name == "kamstrup" { "2400 8N1" } else { "2400 8E1" }
    );

    let last = whole.last().ok_or("no frame came whole")?;
    let place = whole.iter().rposition(|frame| frame.octets.len() > SHORTEST_FULL_LIST);
    let (place, full) = place.map(|place| (place, &whole[place])).ok_or("no full list came")?;
    let mut expected = meter.values(&full.said);
    expected[0].value = decimal(last.said.power.active_import_w.into(), 0);
    for Value { quantity, phase, value } in expected {
        let phase = phase.map_or(":not([data-phase])".to_owned(), |phase| format!("[data-phase='{phase}']"));
        let card = format!("#value-cards .value-card[data-quantity='{quantity}']{phase} .card-number");
        assert_eq!(number(&page.text(&card).await?), value, "{card}");
    }
    page.click(&format!("#frame-list .frame-row[data-index='{}']", rows[place].index)).await?;
    page.wait_until(&format!("document.querySelector(\"#frame-list .frame-row[data-index='{}']\").getAttribute('aria-selected') === 'true'", rows[place].index)).await?;
    let fields = page.field_texts().await?;
    for f in &fields {
        eprintln!("{:?}", f);
    }
    Ok(())
}

struct Value {
    quantity: &'static str,
    phase: Option<&'static str>,
    value: String,
}

impl Meter {
    /// What it should say from the beginning of the simulation on.
    fn frames(&self) -> Vec<Frame> {
        let start = clock();
        let mut demo = Demo::new(self.kind, start);
        let mut frames = Vec::new();
        let mut buffer = [0; LONGEST_FRAME];
        while demo.next_at_ms() < 4 * PATIENCE.as_millis() as u32 {
            let Ok(frame) = demo.next_frame(&mut buffer) else { break };
            let mut house = Household::starting(start);
            house.advance(frame.at_ms / 1000);
            frames.push(Frame { octets: frame.octets.to_vec(), said: house.measurements() });
        }
        frames
    }

    /// What is to be on the cards, power first.
    fn values(&self, said: &Measurements) -> Vec<Value> {
        let all = |quantity, value: u32| Value { quantity, phase: None, value: decimal(value.into(), 0) };
        let mut values = vec![
            all("active-power-import", said.power.active_import_w),
            all("active-power-export", said.power.active_export_w),
            all("reactive-power-import", said.power.reactive_import_var),
            all("reactive-power-export", said.power.reactive_export_var),
        ];
        for (phase, name) in said.phases.iter().zip(["L1", "L2", "L3"]) {
            let current = i64::from(phase.current_ma) / 10_i64.pow(3 - self.current_places as u32);
            let voltage = i64::from(phase.voltage_dv) / 10_i64.pow(1 - self.voltage_places as u32);
            let value = |quantity, value| Value { quantity, phase: Some(name), value };
            values.push(value("current", decimal(current, self.current_places)));
            values.push(value("voltage", decimal(voltage, self.voltage_places)));
        }
        values
    }
}

/// The frames that are whole in these octets, which the meter said one after the other.
fn captured_frames<'f>(frames: &'f [Frame], captured: &[u8]) -> Option<Vec<&'f Frame>> {
    let said: Vec<u8> = frames.iter().flat_map(|frame| frame.octets.clone()).collect();
    let begin = said.windows(captured.len()).position(|octets| octets == captured)?;
    let end = begin + captured.len();
    let mut from = 0;
    let is_whole = |frame: &&Frame| {
        let start = from;
        from += frame.octets.len();
        start >= begin && from <= end
    };
    Some(frames.iter().filter(is_whole).collect())
}

/// Digits with a point in front of the last `places`, without zeros that say nothing.
fn decimal(digits: i64, places: usize) -> String {
    number(&format!(
        "{}.{:0places$}",
        digits / 10_i64.pow(places as u32),
        digits.abs() % 10_i64.pow(places as u32)
    ))
}

/// As the page writes a number, without what is only there to be read more easily.
fn number(text: &str) -> String {
    let plain: String =
        text.replace('−', "-").chars().filter(|c| c.is_ascii_digit() || "-.".contains(*c)).collect();
    match plain.contains('.') {
        true => plain.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => plain,
    }
}
