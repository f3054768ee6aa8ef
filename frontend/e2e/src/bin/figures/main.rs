//! The page's part of `make bench`: what a person waits for, beside what was promised. Figures are of this machine and of
//! what else runs on it, so nothing is judged here.

mod figure;
mod live;
mod plots;
mod start;

use meterscope_e2e::Outcome;

#[tokio::main]
async fn main() -> Outcome {
    start::first_paint().await?;
    start::paste_to_fields().await?;
    live::octet_to_screen().await?;
    live::watching().await?;
    plots::moving_a_day().await
}
