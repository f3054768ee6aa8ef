//! A capture goes in, by every way there is, and its fields and values come out.

use std::fs;

use meterscope_e2e::{FrameState, Outcome, Page, captures, scenario};

#[tokio::test]
async fn the_start_page_offers_every_way_in() -> Outcome {
    scenario(async |page| {
        for button in ["#connect-button", "#open-button", "#paste-button", "#demo-button"] {
            assert!(page.is_visible(button).await?, "{button}");
        }
        // This browser has Web Serial.
        assert!(!page.is_visible("#connect-unavailable").await?);
        page.click("#connect-button").await?;
        assert!(page.is_visible("#connect-submit").await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn pasted_hex_shows_every_field_and_value() -> Outcome {
    scenario(async |page| {
        let capture = captures::kaifa_list_2();
        page.paste(&captures::hex(&capture)).await?;
        assert_one_good_frame(page, &capture).await?;
        let texts = page.field_texts().await?;
        for expected in [captures::METER_ID, "KFM_001", "MA304H4", &captures::POWER_W.to_string()] {
            assert!(
                texts.iter().any(|text| text.contains(expected)),
                "no field shows {expected}: {texts:#?}"
            );
        }
        assert_card(page, &captures::POWER_W.to_string(), "W").await?;
        let summary = page.text("#input-summary").await?;
        assert!(summary.contains(&capture.len().to_string()), "{summary}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_binary_file_of_a_heat_meter_opens() -> Outcome {
    scenario(async |page| {
        let capture = captures::heat_meter();
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("heat.bin");
        fs::write(&path, &capture)?;
        page.open_file(&path).await?;
        assert_one_good_frame(page, &capture).await?;
        assert_card(page, captures::FLOW_TEMPERATURE, "°C").await
    })
    .await
}

#[tokio::test]
async fn a_dropped_text_file_opens() -> Outcome {
    scenario(async |page| {
        let capture = captures::kaifa_list_2();
        page.drop_file("han.log", captures::hex(&capture).as_bytes()).await?;
        assert_one_good_frame(page, &capture).await?;
        let summary = page.text("#input-summary").await?;
        assert!(summary.contains("han.log"), "{summary}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_bare_llc_is_read_like_a_frame() -> Outcome {
    scenario(async |page| {
        let capture = captures::bare_llc();
        page.paste(&captures::hex(&capture)).await?;
        assert_one_good_frame(page, &capture).await?;
        let texts = page.field_texts().await?;
        assert!(texts.iter().any(|text| text.contains(&captures::POWER_W.to_string())), "{texts:#?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_damaged_frame_stays_in_the_list_with_its_reason() -> Outcome {
    scenario(async |page| {
        page.paste(&captures::hex(&captures::damaged_then_good())).await?;
        page.wait_for_capture().await?;
        let frames = page.frames().await?;
        let [damaged, good] = frames.as_slice() else { panic!("two frames: {frames:#?}") };
        assert_eq!((damaged.state, good.state), (FrameState::Damaged, FrameState::Good));
        assert!(damaged.text.contains("check"), "{}", damaged.text);
        assert!(damaged.text.contains("octet"), "{}", damaged.text);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_demo_shows_good_and_damaged_frames_and_values() -> Outcome {
    scenario(async |page| {
        page.click("#demo-button").await?;
        page.wait_for_capture().await?;
        page.wait_for(".value-card").await?;
        let frames = page.frames().await?;
        for state in [FrameState::Good, FrameState::Damaged] {
            assert!(frames.iter().any(|frame| frame.state == state), "no frame is {state:?}");
        }
        assert!(!page.field_texts().await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn bad_input_is_named_with_its_place_and_can_be_mended() -> Outcome {
    scenario(async |page| {
        page.click("#paste-button").await?;
        for (text, line, column) in [("7E A0 G1", 1, 7), ("7E A0 1", 1, 7)] {
            page.write_paste(text).await?;
            page.click("#paste-submit").await?;
            page.wait_for("#input-problem[role=alert]").await?;
            let place = format!("Line {line}, column {column}");
            page.wait_until(&format!(
                "document.querySelector('#input-problem')?.innerText.includes('{place}')"
            ))
            .await?;
            assert!(page.is_visible("#input-problem").await?);
            let kept: String = page.evaluate("document.querySelector('#paste-text').value").await?;
            assert_eq!(kept, text);
        }
        let capture = captures::aidon_list_1();
        page.write_paste(&captures::hex(&capture)).await?;
        page.click("#paste-submit").await?;
        assert_one_good_frame(page, &capture).await?;
        assert!(!page.is_visible("#input-problem").await?);
        Ok(())
    })
    .await
}

/// The capture is one good frame, selected, whose fields and octets cover it.
async fn assert_one_good_frame(page: &Page, capture: &[u8]) -> Outcome {
    page.wait_for_capture().await?;
    let frames = page.frames().await?;
    let [frame] = frames.as_slice() else { panic!("one frame: {frames:#?}") };
    assert!(frame.state == FrameState::Good && frame.selected && frame.index == 0, "{frame:?}");
    let whole = page.fields().await?;
    let whole = whole.first().ok_or("the first field stands for the frame")?;
    assert_eq!((whole.start, whole.end), (0, capture.len()));
    assert_eq!(page.octets().await?, (0..capture.len()).collect::<Vec<_>>());
    Ok(())
}

async fn assert_card(page: &Page, number: &str, unit: &str) -> Outcome {
    page.wait_for(".value-card").await?;
    let cards = page.cards().await?;
    let found = cards.iter().any(|card| card.text.contains(number) && card.text.contains(unit));
    assert!(found, "no card shows {number} {unit}: {cards:#?}");
    Ok(())
}
