//! What a person has to wait for. Figures are printed; the limits are the ones that were promised.

use meterscope_e2e::{Outcome, captures, report, scenario};
use serde_json::json;

/// Octets from a paste to their fields on the screen.
const FIELDS_LIMIT_MS: f64 = 100.0;
/// First paint from local disk.
const PAINT_LIMIT_MS: f64 = 1000.0;
const ROUNDS: usize = 5;

#[tokio::test]
async fn first_paint_comes_within_a_second() -> Outcome {
    scenario(async |page| {
        let mut paints = Vec::new();
        let mut mounts = Vec::new();
        for _ in 0..ROUNDS {
            page.reload().await?;
            let paint = "performance.getEntriesByName('first-contentful-paint')[0]";
            page.wait_until(paint).await?;
            paints.push(page.evaluate::<f64>(&format!("{paint}.startTime")).await?);
            mounts.push(page.evaluate::<f64>("window.meterscopeReadyAt").await?);
        }
        let (paint, mounted) = (median(paints), median(mounts));
        report(&format!("first paint {paint:.0} ms, page ready {mounted:.0} ms (median of {ROUNDS})"))?;
        assert!(paint < PAINT_LIMIT_MS, "{paint} ms");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_pasted_frame_shows_its_fields_at_once() -> Outcome {
    scenario(async |page| {
        let mut waits = Vec::new();
        for _ in 0..ROUNDS {
            page.reload().await?;
            page.click("#paste-button").await?;
            page.write_paste(&captures::hex(&captures::kaifa_list_2())).await?;
            // From the click until the frame after the one in which the fields were there: they are painted then.
            let script = "
                const [selector] = arguments;
                return new Promise(resolve => {
                    const start = performance.now();
                    const look = () => document.querySelector(selector)
                        ? requestAnimationFrame(() => resolve(performance.now() - start))
                        : requestAnimationFrame(look);
                    document.querySelector('#paste-submit').click();
                    look();
                });";
            let wait = page.session().execute(script, vec![json!("#field-tree .field-row")]).await?;
            waits.push(wait.convert::<f64>()?);
        }
        let wait = median(waits);
        report(&format!("paste to fields {wait:.1} ms (median of {ROUNDS})"))?;
        assert!(wait < FIELDS_LIMIT_MS, "{wait} ms");
        Ok(())
    })
    .await
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::INFINITY)
}
