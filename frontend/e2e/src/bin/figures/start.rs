//! What a person has to wait for before something is there.

use meterscope_e2e::{Outcome, captures, scenario};
use serde_json::json;

use crate::figure::{median, report};

/// Octets from a paste to their fields on the screen.
const FIELDS_LIMIT_MS: f64 = 100.0;
/// First paint from local disk.
const PAINT_LIMIT_MS: f64 = 1000.0;
const ROUNDS: usize = 5;

/// From the request for the page to its first paint.
pub async fn first_paint() -> Outcome {
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
        report("first paint", paint, PAINT_LIMIT_MS)?;
        report("page ready", mounted, PAINT_LIMIT_MS)
    })
    .await
}

/// From pasting a frame to its fields.
pub async fn paste_to_fields() -> Outcome {
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
        report("paste to fields", wait, FIELDS_LIMIT_MS)
    })
    .await
}
