//! Compiles the stand-in for libudev (`stand_in/README.md`) and tells the library in which folder it is.

use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::process::Command;

const SOURCES: [&str; 2] = ["stand_in/udev.c", "stand_in/serial_line.c"];
const SYMBOLS: &str = "stand_in/symbols.map";

fn main() -> Result<(), Box<dyn Error>> {
    for file in SOURCES.iter().chain([&SYMBOLS, &"build.rs"]) {
        println!("cargo::rerun-if-changed={file}");
    }
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("Cargo names no OUT_DIR")?);
    let library = folder.join("libudev.so.1");
    let status = Command::new("cc")
        .args(["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden"])
        .arg("-Wl,-soname,libudev.so.1")
        .arg(format!("-Wl,--version-script={SYMBOLS}"))
        .arg("-o")
        .arg(&library)
        .args(SOURCES)
        .arg("-ldl")
        .status()
        .map_err(|error| format!("cc: {error}; `.ci/setup linker` installs it"))?;
    if !status.success() {
        return Err("cc did not compile the stand-in for libudev".into());
    }
    println!("cargo::rustc-env=STAND_IN_FOLDER={}", folder.display());
    Ok(())
}
