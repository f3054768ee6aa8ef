//! Ratios of what Criterion measured in this run.

use std::fs;
use std::path::Path;

/// The median time of a benchmark in nanoseconds, from Criterion's own record of the run that has just ended.
pub fn median_ns(group: &str, benchmark: &str) -> Option<f64> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new("target").into(), std::path::PathBuf::from);
    let path = target.join("criterion").join(group).join(benchmark).join("new/estimates.json");
    let estimates: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
    estimates.get("median")?.get("point_estimate")?.as_f64()
}

/// Prints how many times faster `ours` is than `peer`.
pub fn print(group: &str, ours: &str, peer: &str) {
    match (median_ns(group, ours), median_ns(group, peer)) {
        (Some(ours_ns), Some(peer_ns)) => {
            println!("ratio {group}: {ours} is {:.2} x {peer}", peer_ns / ours_ns);
        }
        _ => println!("ratio {group}: {ours} or {peer} was not measured in this run"),
    }
}
