//! One plain verdict: what is the matter, and what to do next.

use meterscope_e2e::{Outcome, captures, scenario};

#[tokio::test]
async fn each_state_of_a_capture_has_its_verdict() -> Outcome {
    scenario(async |page| {
        let noise = b"\x02\x35\x99\xC1\x0B\x44\x7A\x13\xEE\x62\x2D".to_vec();
        for (capture, verdict, next) in [
            (vec![0xFF; 40], "Silence", "cable"),
            (noise, "Noise", "speed"),
            (captures::half_the_octets(), "Wrong parity", "8E1"),
            (captures::checks_fail(), "check sums fail", "parity"),
            (captures::line_feeds(), "CR LF", "undone"),
            (captures::ciphered(), "key needed", "key"),
        ] {
            page.paste(&captures::hex(&capture)).await?;
            if verdict == "CR LF" {
                page.click("#preview-decode").await?;
            }
            page.wait_until(&format!("document.querySelector('#verdict')?.innerText.includes('{verdict}')"))
                .await?;
            let said = page.text("#status-strip .verdict-next").await?;
            assert!(said.contains(next), "{verdict}: {said}");
        }
        page.paste(&captures::hex(&captures::kaifa_list_2())).await?;
        page.wait_until("document.querySelector('#verdict')?.innerText.includes('All good')").await
    })
    .await
}

#[tokio::test]
async fn line_feeds_are_undone_when_asked_and_said_to_be() -> Outcome {
    scenario(async |page| {
        page.paste(&captures::hex(&captures::line_feeds())).await?;
        page.click("#preview-decode").await?;
        page.click("#undo-line-feeds").await?;
        page.wait_for(".value-card").await?;
        let summary = page.text("#input-summary").await?;
        assert!(summary.contains("taken out"), "{summary}");
        assert!(page.text("#verdict").await?.contains("All good"));
        Ok(())
    })
    .await
}
