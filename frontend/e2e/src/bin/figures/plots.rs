//! What a day of readings costs to be moved.

use std::fs;

use meterscope_e2e::{Outcome, captures, scenario};

use crate::figure::report_percentiles;

/// The time that one frame of a screen has at 60 frames a second.
const FRAME_LIMIT_MS: f64 = 16.6;
/// A day of lists, two seconds apart, and the readings that are plotted of it.
const DAY_LISTS: u32 = 43_200;
const SERIES: [&str; 6] =
    ["active-power-import", "active-power-export", "voltage-l1", "voltage-l2", "current-l1", "current-l2"];

/// Zooms and moves a day of two-second lists for two seconds, and measures what each frame of the screen costs: what the
/// page does with the input, and the drawing.
pub async fn moving_a_day() -> Outcome {
    scenario(async |page| {
        page.set_screen(1440, 900).await?;
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("day.log");
        fs::write(&path, captures::household_log(DAY_LISTS, 2))?;
        page.open_file(&path).await?;
        page.wait_until_within(120, "document.querySelector('#plots[data-state=ready]')").await?;
        for series in &SERIES[1..] {
            page.click(&format!(".plot-choice[data-series='{series}']")).await?;
        }
        page.wait_until("document.querySelectorAll('.plot-choice:checked').length === 6").await?;
        for (name, setup) in [("whole day", 0), ("six hours", 2)] {
            for _ in 0..setup {
                page.click("#plot-zoom-in").await?;
            }
            let name = format!("plot of {DAY_LISTS} × 6 points, {name}");
            let [work, draw, gaps]: [Vec<f64>; 3] = page.evaluate(MEASURE).await?;
            report_percentiles(&format!("{name}: input and drawing"), work, FRAME_LIMIT_MS)?;
            report_percentiles(&format!("{name}: drawing alone"), draw, FRAME_LIMIT_MS)?;
            report_percentiles(&format!("{name}: frame to frame"), gaps, FRAME_LIMIT_MS)?;
        }
        Ok(())
    })
    .await
}

/// Each frame: one event of the wheel, zooming and moving in turn; then what the page asked to draw. All times in ms.
const MEASURE: &str = "(async () => {
    const view = document.querySelector('#plot-view'), box = view.getBoundingClientRect();
    const native = requestAnimationFrame.bind(window);
    const work = [], draw = [], gaps = [];
    let drawn = 0;
    window.requestAnimationFrame = callback => native(time => {
        const start = performance.now();
        callback(time);
        drawn += performance.now() - start;
    });
    let before = 0;
    for (let frame = 0; frame < 70; frame += 1) {
        drawn = 0;
        const start = performance.now();
        view.dispatchEvent(new WheelEvent('wheel', {
            bubbles: true, cancelable: true, clientX: box.left + box.width / 2, clientY: box.top + 40,
            deltaY: frame % 2 ? 0 : (frame % 4 ? 40 : -40), deltaX: frame % 2 ? (frame % 8 < 4 ? 30 : -30) : 0 }));
        // The page changes what it shows in microtasks behind the event.
        for (let turn = 0; turn < 20; turn += 1) await null;
        const input = performance.now() - start;
        const time = await new Promise(native);
        await new Promise(done => setTimeout(done));
        if (frame > 10) {
            work.push(input + drawn);
            draw.push(drawn);
            gaps.push(time - before);
        }
        before = time;
    }
    window.requestAnimationFrame = native;
    return [work, draw, gaps];
})()";
