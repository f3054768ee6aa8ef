//! Trunk's `post_build` hook: what Trunk staged becomes the page that is released.
//!
//! The inline loader moves to a file of its own and the page gets its Content-Security-Policy, so that it is as strict
//! on any static host as it is in the tests. The worker that records gets a loader as well. Scripts and style sheets are shortened. Then the page is
//! weighed.

mod inline_scripts;
mod minify;
mod policy;
mod recorder;
mod weight;

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use weight::Weight;

/// The page with everything it loads, gzipped, has to stay below this.
const LIMIT_OCTETS: u64 = 520_000;

fn main() -> Result<(), Box<dyn Error>> {
    let folder =
        PathBuf::from(env::var("TRUNK_STAGING_DIR").map_err(|_| "TRUNK_STAGING_DIR: Trunk sets it")?);
    let public_url = env::var("TRUNK_PUBLIC_URL").unwrap_or_else(|_| String::from("/"));
    rewrite_page(&folder, &public_url)?;
    // A debug build carries symbols that a released page doesn't.
    if env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release") {
        minify::folder(&folder)?;
        let weight = Weight::of_folder(&folder)?;
        println!("{weight}");
        if weight.gzipped >= LIMIT_OCTETS {
            return Err(format!("the page is heavier than {LIMIT_OCTETS} octets gzipped").into());
        }
    }
    Ok(())
}

fn rewrite_page(folder: &Path, public_url: &str) -> Result<(), Box<dyn Error>> {
    let path = folder.join("index.html");
    let page = fs::read_to_string(&path)?;
    let moved = inline_scripts::move_out(&page, public_url)?;
    let loader = moved.scripts.iter().map(|script| script.text.as_str()).collect::<String>();
    let recorder = recorder::boot(&loader)?;
    for script in moved.scripts.iter().chain([&recorder]) {
        fs::write(folder.join(&script.name), &script.text)?;
    }
    let page = recorder::name_in(&moved.page, public_url, &recorder)?;
    fs::write(path, policy::write_into(&page)?)?;
    Ok(())
}
