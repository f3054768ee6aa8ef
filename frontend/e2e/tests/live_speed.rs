//! How fast octets come to the screen, and what that takes. Figures are printed; the limits are the promised ones.

use std::time::Duration;

use meterscope_capture::line_settings::LineSettings;
use meterscope_e2e::latency::{measure, percentile};
use meterscope_e2e::processes::Renderers;
use meterscope_e2e::{Bench, Connection, Meter, Outcome, Picker, captures, page_folder, report};

/// Octet to screen at 115200 baud.
const LATENCY_LIMIT_MS: f64 = 50.0;
const FRAMES: u32 = 100;

#[tokio::test]
async fn octets_are_on_the_screen_within_fifty_milliseconds() -> Outcome {
    let bench = Bench::new(&page_folder())?;
    bench
        .browse_in_group(Picker::First, async |page, group| {
            let fast: LineSettings = Meter::P1.settings();
            page.connect(Meter::P1.preset()).await?;
            bench.board().wait_for_line(fast).await?;
            page.wait_for_connection(Connection::Open).await?;
            bench.board().write_all(&Meter::Kaifa.octets(0))?;
            page.wait_for_value(&captures::POWER_W.to_string()).await?;
            let renderers = Renderers::of(group);
            let before = renderers.usage()?;
            let latencies = measure(bench.board(), page, fast, FRAMES).await?;
            let after = renderers.usage()?;
            let [p50, p95] = [50, 95].map(|percent| percentile(&latencies.shown, percent));
            let [drawn50, drawn95] = [50, 95].map(|percent| percentile(&latencies.drawn, percent));
            report(&format!("octet to text: p50 {p50:.1} ms, p95 {p95:.1} ms over {FRAMES} frames"))?;
            report(&format!("octet to drawn: p50 {drawn50:.1} ms, p95 {drawn95:.1} ms"))?;
            report(&format!(
                "renderer: {:.0} % of a core at a frame every 75 ms, {:.0} MB",
                100.0 * after.load_since(&before),
                after.megabytes()
            ))?;
            assert!(latencies.shown.first().is_some_and(|least| *least >= 0.0), "the clocks do not agree");
            assert!(p95 < LATENCY_LIMIT_MS, "{p95} ms");
            Ok(())
        })
        .await
}

#[tokio::test]
async fn watching_a_meter_takes_little() -> Outcome {
    let bench = Bench::new(&page_folder())?;
    bench
        .browse_in_group(Picker::First, async |page, group| {
            page.connect(Meter::Kaifa.preset()).await?;
            bench.board().wait_for_line(Meter::Kaifa.settings()).await?;
            page.wait_for_connection(Connection::Open).await?;
            // A list every two seconds, as such meters send them.
            let pause = Duration::from_millis(1440);
            let meter = Meter::Kaifa.start_every(bench.board(), pause);
            page.wait_for_value(&captures::POWER_W.to_string()).await?;
            let renderers = Renderers::of(group);
            let before = renderers.usage()?;
            tokio::time::sleep(Duration::from_secs(20)).await;
            let after = renderers.usage()?;
            let load = after.load_since(&before);
            report(&format!(
                "a list every 2 s: {:.1} % of a core, {:.0} MB",
                100.0 * load,
                after.megabytes()
            ))?;
            assert!(load < 0.5, "{load}");
            drop(meter);
            Ok(())
        })
        .await
}
