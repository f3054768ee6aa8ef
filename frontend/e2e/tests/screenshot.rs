//! The picture in the README, and proof that a picture of the page can be taken at all.

use std::env;
use std::fs;
use std::path::PathBuf;

use meterscope_e2e::{Outcome, scenario};

/// The eight octets that every PNG file begins with.
const PNG_SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

#[tokio::test]
async fn the_demo_makes_a_picture() -> Outcome {
    scenario(async |page| {
        page.set_screen(1440, 900).await?;
        page.click("#demo-button").await?;
        page.wait_for(".value-card").await?;
        page.wait_for_capture().await?;
        // A value chosen in the tree shows what the page is about: the octets it came from.
        let fields = page.fields().await?;
        let power = fields.iter().find(|field| field.text.contains("\u{a0}W"));
        page.click_field(power.ok_or("the first frame of the demo carries the power")?).await?;
        page.wait_for("#hex-view .octet.selected").await?;
        let path = picture_path();
        page.session().screenshot(&path).await?;
        let picture = fs::read(&path)?;
        assert!(picture.starts_with(&PNG_SIGNATURE), "{} is no PNG file", path.display());
        Ok(())
    })
    .await
}

/// Where `make screenshot` wants it; otherwise beside the other things that a build leaves.
fn picture_path() -> PathBuf {
    env::var_os("METERSCOPE_SCREENSHOT")
        .map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("screenshot.png"), PathBuf::from)
}
