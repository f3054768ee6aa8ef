//! The wasm build of the decoder in Chromium beside the native one, over the same capture in the same run.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use meterscope_benches::{corpus, work};
use meterscope_decoder::transport::Decoder;
use meterscope_e2e::scenario_in;

fn main() -> Result<(), Box<dyn Error>> {
    let capture = corpus::kaifa_capture();
    let folder = build_page(&capture)?;
    let (wasm_ms, values) = in_chromium(&folder)?;
    let (native_ms, expected) = natively(&capture);
    assert_eq!(values, expected, "both builds read the same values");
    println!("Kaifa capture, {expected} values: native {native_ms:.2} ms, wasm in Chromium {wasm_ms:.2} ms");
    println!("ratio wasm: the wasm build is {:.2} x native", native_ms / wasm_ms);
    Ok(())
}

/// The median of as many runs as the page makes.
fn natively(capture: &[u8]) -> (f64, u32) {
    let mut decoder = Box::new(Decoder::new());
    let mut values = 0;
    let mut times: Vec<f64> = (0..60)
        .map(|_| {
            let start = Instant::now();
            values = work::decode_all(&mut decoder, black_box(capture)).values;
            start.elapsed().as_secs_f64() * 1e3
        })
        .skip(20)
        .collect();
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], values)
}

#[tokio::main]
async fn in_chromium(folder: &Path) -> Result<(f64, u32), Box<dyn Error>> {
    let mut result = String::new();
    scenario_in(folder, async |page| {
        result = page.text("#result").await?;
        Ok(())
    })
    .await?;
    let (time, values) = result.split_once(' ').ok_or("the page gave no result")?;
    Ok((time.parse()?, values.parse()?))
}

fn build_page(capture: &[u8]) -> Result<PathBuf, Box<dyn Error>> {
    let benches = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| benches.join("target"), PathBuf::from);
    let folder = target.join("wasm-page");
    run(Command::new(env!("CARGO")).current_dir(benches).args([
        "build",
        "--locked",
        "--release",
        "--target",
        "wasm32-unknown-unknown",
        "-p",
        "meterscope-benches-wasm",
    ]))?;
    run(Command::new("wasm-bindgen")
        .args(["--target", "no-modules", "--no-typescript", "--out-name", "bench", "--out-dir"])
        .arg(&folder)
        .arg(target.join("wasm32-unknown-unknown/release/meterscope_benches_wasm.wasm")))?;
    for file in ["index.html", "run.js"] {
        fs::copy(benches.join("wasm/page").join(file), folder.join(file))?;
    }
    fs::write(folder.join("capture.bin"), capture)?;
    // A browser asks for an icon, and the harness counts a missing one as a fault.
    fs::copy(benches.join("../../frontend/static/icon.svg"), folder.join("icon.svg"))?;
    Ok(folder)
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    if command.status()?.success() { Ok(()) } else { Err(format!("{command:?} failed").into()) }
}
