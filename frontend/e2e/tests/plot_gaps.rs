//! A plot shows a gap where there is one, and nowhere else.

use std::fs;

use meterscope_e2e::{Outcome, Page, captures, scenario};

/// A day of lists, two seconds apart.
const DAY_LISTS: u32 = 43_200;

/// A list every two seconds for a day, none missing, with a load that is on and off for a quarter of an hour each.
fn square_wave() -> String {
    const QUARTER: u32 = 450;
    let [off, on] = [120, 3_000].map(|watts| captures::hex(&captures::kaifa_list_1(watts)));
    let line = |number: u32| {
        let second = number * 2;
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        let list = if (number / QUARTER).is_multiple_of(2) { &off } else { &on };
        format!("2025-03-25 {hour:02}:{minute:02}:{second:02} {list}\n")
    };
    (0..DAY_LISTS).map(line).collect()
}

/// Columns of the canvas, from the first to the last that has the colour of a series, on which nothing has it.
async fn empty_columns(page: &Page, slot: usize) -> Outcome<[u64; 2]> {
    // What the page has decided to show is drawn with one of the next frames; on a busy machine the first comes late.
    for _ in 0..100 {
        page.evaluate::<bool>(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))",
        )
        .await?;
        let columns = drawn_columns(page, slot).await?;
        if columns[0] > 0 {
            return Ok(columns);
        }
    }
    Err("nothing was drawn".into())
}

async fn drawn_columns(page: &Page, slot: usize) -> Outcome<[u64; 2]> {
    page.evaluate(&format!(
        "(async () => {{
            const canvas = document.querySelector('#plot-canvas'), {{ width, height }} = canvas;
            const [red, green, blue] = getComputedStyle(document.querySelector('.plot-palette .slot-{slot}'))
                .color.match(/\\d+/g).map(Number);
            const {{ data }} = canvas.getContext('2d').getImageData(0, 0, width, height);
            const drawn = new Array(width).fill(false);
            for (let at = 0; at < data.length; at += 4) {{
                const far = Math.abs(data[at] - red) + Math.abs(data[at + 1] - green) + Math.abs(data[at + 2] - blue);
                if (far < 120) drawn[at / 4 % width] = true;
            }}
            const inside = drawn.slice(drawn.indexOf(true), drawn.lastIndexOf(true));
            return [inside.length, inside.filter(column => !column).length];
        }})()"
    ))
    .await
}

#[tokio::test]
async fn a_line_without_a_gap_has_none_at_any_zoom() -> Outcome {
    scenario(async |page| {
        page.set_screen(1440, 900).await?;
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("square.log");
        fs::write(&path, square_wave())?;
        page.open_file(&path).await?;
        page.wait_until_within(120, "document.querySelector('#plots[data-state=ready]')").await?;
        page.wait_until(&format!(
            "(view => view.dataset.to - view.dataset.from === {}e6)(document.querySelector('#plot-view'))",
            DAY_LISTS * 2 - 2
        ))
        .await?;
        for (zoom, minutes) in [("day", None), ("six-hours", Some(360)), ("hour", Some(60)), ("quarter", Some(15))] {
            if let Some(minutes) = minutes {
                page.evaluate::<bool>(&format!(
                    "(select => {{ select.value = '{minutes}'; return select.dispatchEvent(new Event('change', {{ bubbles: true }})) }})(
                        document.querySelector('#plot-window'))"
                ))
                .await?;
                page.wait_until(&format!(
                    "(view => view.dataset.to - view.dataset.from === {minutes} * 60e6)(document.querySelector('#plot-view'))"
                ))
                .await?;
            }
            let [columns, empty] = empty_columns(page, 0).await?;
            assert!(columns > 300 && empty == 0, "{zoom}: {empty} of {columns} columns are empty");
        }
        Ok(())
    })
    .await
}
