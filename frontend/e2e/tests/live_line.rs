//! A bad line, and settings that do not fit it.

use std::time::{Duration, Instant};

use meterscope_e2e::{
    Bench, Connection, FrameState, Meter, Outcome, Page, Telegram, VirtualMeter, captures, live_scenario,
    report,
};

/// Finding the settings may take as long as this (issue: meters that speak every ten seconds).
const SEARCH_LIMIT: Duration = Duration::from_secs(90);
/// A few telegrams, on a busy machine.
const SAID_WITHIN: Duration = Duration::from_secs(10);
const IS_FAILED: &str = "document.querySelector('#live-strip')?.dataset.connection === 'failed'";
const GOOD: &str = "document.querySelector('#frame-list .frame-row[data-state=good]')";

#[tokio::test]
async fn garbage_and_then_a_good_frame() -> Outcome {
    open(Meter::Kaifa, async |bench, page| {
        let noise: Vec<u8> = (0..200_u32).map(|at| (at * at * 7 + at * 13 + 5) as u8).collect();
        let meter = program(bench, vec![Telegram::new(&noise)]);
        page.wait_for_value(&captures::POWER_W.to_string()).await?;
        wait_for_row(page, &[FrameState::Skipped]).await?;
        drop(meter);
        page.wait_until(GOOD).await
    })
    .await
}

#[tokio::test]
async fn a_lost_octet_costs_its_own_frame_only() -> Outcome {
    open(Meter::Kaifa, async |bench, page| {
        let mut frame = Meter::Kaifa.octets(0);
        frame.remove(60);
        let meter = program(bench, vec![Telegram::new(&frame).pause(Duration::ZERO)]);
        page.wait_for_value(&captures::POWER_W.to_string()).await?;
        wait_for_row(page, &[FrameState::Damaged, FrameState::Skipped]).await?;
        drop(meter);
        page.wait_until(GOOD).await
    })
    .await
}

#[tokio::test]
async fn errors_of_parity_stand_on_the_timeline_and_reading_goes_on() -> Outcome {
    open(Meter::Kaifa, async |bench, page| {
        let frame = Meter::Kaifa.octets(0);
        // None of them is 00: its mark would be that of a break (termios(3)). What the browser reads at once it reports
        // as one error, so there is time between them.
        let pause = Duration::from_secs(1);
        let spoiled =
            [10, 45, 50].map(|at| Telegram::new(&frame).with_wrong_parity(at).pause(pause)).to_vec();
        let meter = program(bench, spoiled);
        page.wait_for_events("parity", 3).await?;
        page.wait_for_value(&captures::POWER_W.to_string()).await?;
        let delivered = meter.silence().await?;
        page.wait_for_saved_octets(delivered.len()).await?;
        assert_eq!(page.export_octets(bench).await?, delivered);
        page.wait_for_connection(Connection::Open).await
    })
    .await
}

/// Of a meter with even parity, read without, every octet with an even number of ones is missing.
#[tokio::test]
async fn wrong_parity_is_recognised_and_said() -> Outcome {
    open(Meter::Kamstrup, async |bench, page| {
        let meter = Meter::Kaifa.start(bench.board());
        let verdict = "document.querySelector('#verdict')?.innerText.includes('Wrong parity')";
        let start = Instant::now();
        page.wait_long(verdict, SEARCH_LIMIT).await?;
        let took = start.elapsed();
        report(&format!("wrong parity is said after {:.1} s", took.as_secs_f64()))?;
        assert!(took < SAID_WITHIN, "{took:?}");
        let next = page.text("#status-strip .verdict-next").await?;
        assert!(next.contains("8E1"), "{next}");
        drop(meter);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn settings_are_found_for_even_parity() -> Outcome {
    find(Meter::Kaifa).await
}

#[tokio::test]
async fn settings_are_found_for_no_parity() -> Outcome {
    find(Meter::Kamstrup).await
}

#[tokio::test]
async fn settings_are_found_for_a_fast_port() -> Outcome {
    find(Meter::P1).await
}

#[tokio::test]
async fn where_nobody_speaks_the_search_ends_with_a_verdict() -> Outcome {
    live_scenario(async |_, page| {
        page.connect("find").await?;
        page.wait_for_connection(Connection::Searching).await?;
        let start = Instant::now();
        page.wait_for("#search-progress").await?;
        page.wait_long(IS_FAILED, SEARCH_LIMIT).await?;
        let took = start.elapsed();
        report(&format!("a search without any octet ends after {:.0} s", took.as_secs_f64()))?;
        assert!(took <= SEARCH_LIMIT, "{took:?}");
        let said = page.text("#live-text").await?;
        assert!(said.contains("No settings fit") && said.contains("Silence"), "{said}");
        // And what can be done about it.
        assert!(said.contains("Is the port switched on"), "{said}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_search_can_be_cancelled() -> Outcome {
    live_scenario(async |_, page| {
        page.connect("find").await?;
        page.wait_for_connection(Connection::Searching).await?;
        page.click("#search-cancel").await?;
        page.wait_for_connection(Connection::Closed).await?;
        assert!(!page.is_visible("#search-progress").await?);
        Ok(())
    })
    .await
}

async fn find(meter: Meter) -> Outcome {
    live_scenario(async |bench, page| {
        let speaking = meter.start_every(bench.board(), Duration::from_secs(1));
        page.connect("find").await?;
        page.wait_long("document.querySelector('#live-strip')?.dataset.connection === 'open'", SEARCH_LIMIT)
            .await?;
        assert_eq!(page.text("#live-settings").await?, meter.settings().to_string());
        page.wait_for_value(&captures::POWER_W.to_string()).await?;
        drop(speaking);
        Ok(())
    })
    .await
}

/// Waits until there is a row like this. On a busy machine so many others have come by then that it is above those on the
/// screen, which alone are in the document.
async fn wait_for_row(page: &Page, states: &[FrameState]) -> Outcome {
    let start = Instant::now();
    while !page.frames().await?.iter().any(|row| states.contains(&row.state)) {
        if start.elapsed() > SAID_WITHIN {
            return Err(format!("no row ever was {states:?}").into());
        }
    }
    Ok(())
}

/// Opens the port with the settings of this meter.
async fn open(meter: Meter, steps: impl AsyncFnOnce(&Bench, &Page) -> Outcome) -> Outcome {
    live_scenario(async |bench, page| {
        page.connect(meter.preset()).await?;
        bench.board().wait_for_line(meter.settings()).await?;
        page.wait_for_connection(Connection::Open).await?;
        steps(bench, page).await
    })
    .await
}

/// A Kaifa meter that first says these telegrams and then good ones.
fn program(bench: &Bench, first: Vec<Telegram>) -> VirtualMeter {
    VirtualMeter::start(bench.board(), Meter::Kaifa.settings(), move |number| {
        let good = || Telegram::new(&Meter::Kaifa.octets(number));
        Some(first.get(number as usize).cloned().unwrap_or_else(good))
    })
}
