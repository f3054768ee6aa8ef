//! What an input is taken for is shown before it is decoded, unless there is nothing to say.

use meterscope_e2e::{Key, Outcome, Page, captures, scenario};

const CARD_COUNT: &str = "document.querySelectorAll('.value-card').length";

/// A good frame and a line that is nearly hexadecimal.
fn mixed() -> String {
    format!("{}\nand 2G 7E", captures::hex(&captures::kaifa_list_2()))
}

/// A good frame, and the same frame with two octets made unreadable.
fn masked() -> String {
    let good = captures::hex(&captures::aidon_list_1());
    let mut hidden = good.clone();
    hidden.replace_range(60..65, "XX XX");
    format!("{good}\n{hidden}")
}

#[tokio::test]
async fn a_bad_line_is_shown_with_its_reason_before_decoding_and_after() -> Outcome {
    scenario(async |page| {
        page.paste(&mixed()).await?;
        let shown = page.text("#preview-dialog").await?;
        for part in ["1 frame", "line 1", "hexadecimal text", "line 2", "and 2G 7E", "text without octets"] {
            assert!(shown.contains(part), "no {part}: {shown}");
        }
        assert!(!page.is_visible("#status-strip").await?, "nothing is decoded yet");
        page.press(Key::Enter).await?;
        page.wait_for_capture().await?;
        page.wait_until("!document.querySelector('#preview-dialog').open").await?;
        page.click("#left-out summary").await?;
        let left_out = page.text("#left-out").await?;
        for part in ["line 2", "2G 7E", "text without octets"] {
            assert!(left_out.contains(part), "no {part}: {left_out}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn escape_goes_back_to_the_text_and_a_clean_one_needs_no_second_step() -> Outcome {
    scenario(async |page| {
        page.paste(&mixed()).await?;
        page.wait_for("#preview-dialog[open]").await?;
        page.press(Key::Escape).await?;
        page.wait_for("#paste-dialog[open]").await?;
        let kept: String = page.evaluate("document.querySelector('#paste-text').value").await?;
        assert_eq!(kept, mixed());
        assert!(!page.is_visible("#status-strip").await?);
        page.write_paste(&captures::hex(&captures::kaifa_list_2())).await?;
        page.click("#paste-submit").await?;
        page.wait_for_capture().await?;
        let summary = page.text("#input-summary").await?;
        assert!(summary.contains("hexadecimal text") && summary.contains("1 frame"), "{summary}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn hidden_digits_are_read_as_zero_only_when_asked() -> Outcome {
    scenario(async |page| {
        page.paste(&masked()).await?;
        let shown = page.text("#preview-dialog").await?;
        assert!(shown.contains("4 digits are hidden") && shown.contains("1 frame"), "{shown}");
        page.click("#offer-masked").await?;
        page.wait_until("document.querySelector('#preview-summary').innerText.includes('2 frames')").await?;
        let shown = page.text("#preview-summary").await?;
        assert!(shown.contains("2 octets with hidden digits read as 0"), "{shown}");
        page.click("#preview-decode").await?;
        page.wait_for_capture().await?;
        let summary = page.text("#input-summary").await?;
        assert!(summary.contains("2 octets with hidden digits read as 0"), "{summary}");
        assert_eq!(page.frames().await?.len(), 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_text_of_hidden_digits_alone_can_be_taken_too() -> Outcome {
    scenario(async |page| {
        let masked = masked();
        let hidden = masked.lines().nth(1).unwrap_or_default();
        page.paste(hidden).await?;
        let refused: bool = page
            .evaluate("document.querySelector('#preview-dialog[open] #preview-decode')?.disabled")
            .await?;
        assert!(refused, "there is nothing to decode yet");
        page.click("#offer-masked").await?;
        page.click("#preview-decode:not(:disabled)").await?;
        page.wait_for_capture().await
    })
    .await
}

#[tokio::test]
async fn the_cr_in_front_of_every_lf_is_taken_out_when_asked() -> Outcome {
    scenario(async |page| {
        page.paste(&captures::hex(&captures::line_feeds())).await?;
        page.click("#offer-crlf").await?;
        page.wait_until("document.querySelector('#preview-summary').innerText.includes('CR taken out')")
            .await?;
        // The focus is on the tick box; Enter decodes from there as well.
        page.press(Key::Enter).await?;
        page.wait_for(".value-card").await?;
        assert!(page.text("#input-summary").await?.contains("CR taken out"));
        assert!(page.text("#verdict").await?.contains("All good"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_preview_fits_a_phone_and_speaks_norwegian() -> Outcome {
    scenario(async |page| {
        page.set_screen(390, 844).await?;
        page.reload().await?;
        page.click("#language-button").await?;
        page.paste(&format!("{}\n{}", mixed(), masked())).await?;
        let shown = page.text("#preview-dialog").await?;
        for part in ["heksadesimal tekst", "linje 2", "tekst uten oktetter", "4 sifre er skjult"] {
            assert!(shown.contains(part), "no {part}: {shown}");
        }
        let fits: bool = page
            .evaluate(
                "[document.documentElement, ...document.querySelectorAll('#preview-dialog *')]
                     .every(it => it.scrollWidth <= Math.max(it.clientWidth, 390) || !it.clientWidth)",
            )
            .await?;
        assert!(fits, "something scrolls sideways");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn overrides_rename_and_rescale_a_value_until_they_are_removed() -> Outcome {
    scenario(async |page| {
        page.paste(&captures::hex(&captures::kaifa_list_2())).await?;
        page.wait_for(".value-card").await?;
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("mine.csv");
        std::fs::write(&path, "list,elements,place,name,unit,scaler\n*,,4,Oven,W,-1\n")?;
        page.load_overrides(&path).await?;
        page.wait_for("#overrides").await?;
        let said = page.text("#overrides").await?;
        assert!(said.contains("mine.csv") && said.contains("1 rule"), "{said}");
        let cards: i32 = page.evaluate(CARD_COUNT).await?;
        assert!(cards > 1);
        let power = power_card(page).await?;
        for part in ["Oven", "74.2", "by your override"] {
            assert!(power.contains(part), "no {part}: {power}");
        }
        page.click("#overrides-remove").await?;
        page.wait_until("!document.querySelector('#overrides')").await?;
        let power = power_card(page).await?;
        assert!(!power.contains("Oven") && power.contains("742"), "{power}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_fault_in_a_file_of_overrides_is_named_with_its_line() -> Outcome {
    scenario(async |page| {
        page.paste(&captures::hex(&captures::kaifa_list_2())).await?;
        page.wait_for(".value-card").await?;
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("mine.csv");
        std::fs::write(&path, "list,elements,place,name,unit,scaler\n*,,5,oven,furlong,\n")?;
        page.load_overrides(&path).await?;
        let said = page.text("#input-problem").await?;
        for part in ["mine.csv", "Line 2", "furlong"] {
            assert!(said.contains(part), "no {part}: {said}");
        }
        assert!(!page.is_visible("#overrides").await?);
        Ok(())
    })
    .await
}

async fn power_card(page: &Page) -> Outcome<String> {
    let cards = page.cards().await?;
    let power = cards.into_iter().find(|card| card.quantity.contains("power-import"));
    Ok(power.ok_or("there is a card for the power")?.text)
}
