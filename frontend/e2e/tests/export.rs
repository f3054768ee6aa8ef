//! The shown capture saved as a file, by the browser's own download.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use meterscope_e2e::{Key, Outcome, Page, captures, scenario};
use serde_json::json;

const LOG: &str = "2026-11-21T08:12:00Z RX: 10 40 01 41 16\n2026-11-21T08:13:00Z TX: 10 40 02 42 16\n";

/// A folder of one's own, into which the browser saves.
struct Downloads(PathBuf);

impl Downloads {
    async fn of(page: &Page, name: &str) -> Outcome<Self> {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("downloads-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let behavior = json!({ "behavior": "allow", "downloadPath": folder });
        page.session().cdp().send_raw("Browser.setDownloadBehavior", behavior).await?;
        Ok(Self(folder))
    }

    /// The file whose name ends in `end`, once it is complete.
    async fn wait_for(&self, end: &str) -> Outcome<(String, Vec<u8>)> {
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(10) {
            for entry in fs::read_dir(&self.0)? {
                let path = entry?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if name.ends_with(end) {
                    return Ok((name, fs::read(path)?));
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(format!("no file ends in {end}").into())
    }
}

async fn save_as(page: &Page, choice: &str) -> Outcome {
    page.click("#export-button").await?;
    page.click(choice).await?;
    page.click("#export-submit").await?;
    page.wait_until("!document.querySelector('#export-dialog').open").await
}

#[tokio::test]
async fn every_format_is_saved() -> Outcome {
    scenario(async |page| {
        let downloads = Downloads::of(page, "formats").await?;
        page.paste(&captures::hex(&captures::kaifa_list_2())).await?;
        page.wait_for_capture().await?;
        for (choice, end, begins) in [
            ("#export-pcapng", "-kaifa.pcapng", &b"\x0A\x0D\x0D\x0A"[..]),
            ("#export-raw", "-kaifa.bin", b"\x7E\xA0"),
            ("#export-hex", "-kaifa.log", b"7E A0"),
            ("#export-jsonl", "-kaifa.jsonl", b"{\"item\":\"frame\""),
            ("#export-csv-tidy", "-kaifa-readings.csv", b"captured,direction"),
            ("#export-csv-wide", "-kaifa-messages.csv", b"captured,direction"),
            ("#export-user0", "-kaifa-frames.pcapng", b"\x0A\x0D\x0D\x0A"),
            ("#export-user0-deciphered", "-kaifa-deciphered.pcapng", b"\x0A\x0D\x0D\x0A"),
        ] {
            save_as(page, choice).await?;
            let (name, content) = downloads.wait_for(end).await?;
            assert!(name.starts_with("meterscope-20"), "{name}");
            assert!(content.starts_with(begins), "{name}");
        }
        let (_, raw) = downloads.wait_for(".bin").await?;
        assert_eq!(raw, captures::kaifa_list_2());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_saved_capture_opens_again() -> Outcome {
    scenario(async |page| {
        let downloads = Downloads::of(page, "again").await?;
        page.paste(LOG).await?;
        page.wait_for_capture().await?;
        save_as(page, "#export-pcapng").await?;
        let (name, _) = downloads.wait_for(".pcapng").await?;
        page.open_file(&downloads.0.join(&name)).await?;
        page.wait_until("document.querySelector('#input-summary').innerText.includes('pcapng')").await?;
        save_as(page, "#export-hex").await?;
        let (_, log) = downloads.wait_for(".log").await?;
        assert_eq!(String::from_utf8(log)?, LOG.replace("00Z", "00.000000Z"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_part_is_saved_by_keyboard() -> Outcome {
    scenario(async |page| {
        let downloads = Downloads::of(page, "part").await?;
        page.paste(LOG).await?;
        page.wait_for_capture().await?;
        page.click("#export-button").await?;
        page.click("#export-raw").await?;
        page.click("#export-selected").await?;
        page.press(Key::Enter).await?;
        page.wait_until("!document.querySelector('#export-dialog').open").await?;
        let (_, raw) = downloads.wait_for(".bin").await?;
        assert_eq!(raw, [0x10, 0x40, 0x01, 0x41, 0x16]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn two_times_that_hold_nothing_are_said() -> Outcome {
    scenario(async |page| {
        page.paste(LOG).await?;
        page.wait_for_capture().await?;
        page.click("#export-button").await?;
        page.click("#export-times").await?;
        set_times(page, "2030-01-01T00:00:00", "2030-01-01T00:00:01").await?;
        page.click("#export-submit").await?;
        page.wait_until(
            "document.querySelector('#export-nothing').innerText.includes('Nothing was recorded')",
        )
        .await?;
        page.press(Key::Escape).await?;
        page.wait_until("!document.querySelector('#export-dialog').open").await
    })
    .await
}

/// Types into both fields at once.
async fn set_times(page: &Page, from: &str, to: &str) -> Outcome {
    let set = format!(
        "[['#export-from', '{from}'], ['#export-to', '{to}']].every(([id, value]) => {{
            const field = document.querySelector(id);
            field.value = value;
            return field.dispatchEvent(new Event('input', {{ bubbles: true }}));
        }})"
    );
    page.evaluate::<bool>(&set).await.map(drop)
}

#[tokio::test]
async fn the_times_are_those_of_the_capture_until_others_are_chosen() -> Outcome {
    const FIELDS: &str = "['#export-from', '#export-to'].map(id => document.querySelector(id).value)";
    const ON_WALL: &str = "['08:12', '08:13'].map(time => {
        const at = new Date(`2026-11-21T${time}:00Z`);
        const digits = number => String(number).padStart(2, '0');
        return `${at.getFullYear()}-${digits(at.getMonth() + 1)}-${digits(at.getDate())}`
            + `T${digits(at.getHours())}:${digits(at.getMinutes())}`;
    })";
    scenario(async |page| {
        let downloads = Downloads::of(page, "times").await?;
        page.paste(LOG).await?;
        page.wait_for_capture().await?;
        page.click("#export-button").await?;
        page.click("#export-raw").await?;
        page.click("#export-times").await?;
        let expected: [String; 2] = page.evaluate(ON_WALL).await?;
        let shown: [String; 2] = page.evaluate(FIELDS).await?;
        // A browser may leave out seconds that are 0.
        assert_eq!(
            shown.each_ref().map(|text| text.trim_end_matches(":00")),
            expected.each_ref().map(String::as_str)
        );

        // The other way round.
        set_times(page, &expected[1], &expected[0]).await?;
        page.click("#export-submit").await?;
        let said: String = page.evaluate("document.querySelector('#export-to').validationMessage").await?;
        assert!(said.contains("before the beginning"), "{said}");
        assert!(page.is_visible("#export-dialog").await? && page.has_focus("export-to").await?);

        // Both ends are part of it.
        set_times(page, &expected[0], &expected[1]).await?;
        page.click("#export-submit").await?;
        page.wait_until("!document.querySelector('#export-dialog').open").await?;
        assert_eq!(downloads.wait_for(".bin").await?.1.len(), 10);
        Ok(())
    })
    .await
}

/// A field of which a part is empty has no value, and is not taken for an empty one.
#[tokio::test]
async fn half_a_time_is_refused_and_a_whole_one_is_kept() -> Outcome {
    const SAID: &str = "document.querySelector('#export-from').validationMessage";
    const TYPED: &str = "2026-11-21T01:02:03";
    scenario(async |page| {
        page.paste(LOG).await?;
        page.wait_for_capture().await?;
        page.click("#export-button").await?;
        page.click("#export-times").await?;
        page.evaluate::<bool>("document.querySelector('#export-from').focus() ?? true").await?;
        page.press(Key::Backspace).await?;
        page.click("#export-submit").await?;
        let said: String = page.evaluate(SAID).await?;
        assert!(said.contains("part of this date"), "{said}");
        assert!(page.is_visible("#export-dialog").await? && page.has_focus("export-from").await?);

        set_times(page, TYPED, "2030-01-01T00:00:00").await?;
        assert_eq!(page.evaluate::<String>(SAID).await?, "");
        page.click("#export-cancel").await?;
        page.wait_until("!document.querySelector('#export-dialog').open").await?;
        page.click("#export-button").await?;
        assert_eq!(page.evaluate::<String>("document.querySelector('#export-from').value").await?, TYPED);
        Ok(())
    })
    .await
}

/// Nothing of the dialog lies beside a small screen, in either language.
#[tokio::test]
async fn the_dialog_fits_a_phone() -> Outcome {
    scenario(async |page| {
        page.paste(LOG).await?;
        page.wait_for_capture().await?;
        page.set_screen(390, 844).await?;
        for _ in 0..2 {
            page.click("#export-button").await?;
            page.click("#export-times").await?;
            let fits: bool = page
                .evaluate(
                    "(() => { const dialog = document.querySelector('#export-dialog');
                      return dialog.scrollWidth <= dialog.clientWidth
                        && dialog.getBoundingClientRect().right <= innerWidth
                        && document.documentElement.scrollWidth <= innerWidth; })()",
                )
                .await?;
            assert!(fits);
            page.click("#export-cancel").await?;
            page.click("#language-button").await?;
        }
        Ok(())
    })
    .await
}
