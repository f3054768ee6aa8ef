//! A capture with times plays again as if the meter spoke.

use meterscope_e2e::{Key, Outcome, Page, captures, scenario};

const GOOD: &str = "[data-counter=good] dd";
const CHOOSE: &str =
    "(value => { const select = document.querySelector('#replay-speed'); select.value = value;
     select.dispatchEvent(new Event('change', { bubbles: true })); return true; })";

async fn frames(page: &Page) -> Outcome<String> {
    page.text(GOOD).await
}

/// Sixty lists, two seconds apart.
async fn open(page: &Page) -> Outcome {
    page.paste(&captures::kaifa_log(60)).await?;
    page.wait_for("#replay-bar").await?;
    assert_eq!(frames(page).await?, "60");
    Ok(())
}

#[tokio::test]
async fn it_is_played_as_fast_as_it_is_asked_to() -> Outcome {
    scenario(async |page| {
        open(page).await?;
        page.click("#replay-play").await?;
        page.wait_until(&format!("document.querySelector('{GOOD}').innerText === '1'")).await?;
        page.evaluate::<bool>(&format!("{CHOOSE}('100')")).await?;
        page.wait_until(&format!("document.querySelector('{GOOD}').innerText === '60'")).await?;
        page.wait_until("document.querySelector('#replay-play').ariaPressed === 'false'").await?;
        let verdict = page.text("#verdict").await?;
        assert!(verdict.contains("every 2"), "{verdict}");
        page.evaluate::<bool>(&format!("{CHOOSE}('max')")).await?;
        page.click("#replay-play").await?;
        page.wait_until(&format!("document.querySelector('{GOOD}').innerText === '60'")).await
    })
    .await
}

#[tokio::test]
async fn the_keyboard_goes_to_any_place() -> Outcome {
    scenario(async |page| {
        open(page).await?;
        page.evaluate::<bool>("(document.querySelector('#replay-seek').focus(), true)").await?;
        page.press(Key::Home).await?;
        page.wait_until(&format!("document.querySelector('{GOOD}').innerText === '1'")).await?;
        page.press(Key::End).await?;
        page.wait_until(&format!("document.querySelector('{GOOD}').innerText === '60'")).await?;
        page.press(Key::Left).await?;
        page.wait_until(&format!("document.querySelector('{GOOD}').innerText === '59'")).await
    })
    .await
}

#[tokio::test]
async fn what_has_no_times_has_no_bar() -> Outcome {
    scenario(async |page| {
        page.paste(&captures::hex(&captures::kaifa_list_2())).await?;
        page.wait_for_capture().await?;
        assert!(!page.is_visible("#replay-bar").await?);
        Ok(())
    })
    .await
}
