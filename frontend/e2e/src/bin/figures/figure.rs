//! How a figure is said: beside what was promised.

use meterscope_e2e::Outcome;
use meterscope_e2e::latency::percentile;
use meterscope_e2e::report as print;

/// A time, and the part of the promised one that it is.
pub fn report(name: &str, took_ms: f64, promised_ms: f64) -> Outcome {
    print(&format!("{name}: {took_ms:.1} ms, {:.2} of {promised_ms} ms", took_ms / promised_ms))
}

/// What half of all times stay below, and what 95 of 100 stay below.
pub fn report_percentiles(name: &str, mut took_ms: Vec<f64>, promised_ms: f64) -> Outcome {
    took_ms.sort_by(f64::total_cmp);
    report(&format!("{name}, p50"), percentile(&took_ms, 50), promised_ms)?;
    report(&format!("{name}, p95"), percentile(&took_ms, 95), promised_ms)
}

/// What the page's renderer takes of the machine.
pub fn report_load(name: &str, load: f64, megabytes: f64) -> Outcome {
    print(&format!("{name}: {:.1} % of a core, {megabytes:.0} MB", 100.0 * load))
}

/// The figure that half of all stay below.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    percentile(&figures, 50)
}
