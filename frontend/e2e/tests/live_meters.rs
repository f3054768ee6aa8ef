//! Each kind of meter: connect, and within seconds its values are there.

use std::ops::Range;

use meterscope_e2e::{Bench, Connection, Meter, Outcome, Page, captures, live_scenario};

#[tokio::test]
async fn kaifa() -> Outcome {
    watch(Meter::Kaifa, async |page| page.wait_for_value(&power()).await).await
}

#[tokio::test]
async fn kamstrup() -> Outcome {
    watch(Meter::Kamstrup, async |page| page.wait_for_value(&power()).await).await
}

#[tokio::test]
async fn aidon() -> Outcome {
    watch(Meter::Aidon, async |page| page.wait_for_value(&power()).await).await
}

#[tokio::test]
async fn p1() -> Outcome {
    watch(Meter::P1, async |page| page.wait_for_value(&power()).await).await
}

/// The page only listens: master and meter talk with each other.
#[tokio::test]
async fn a_heat_meter_overheard_on_its_bus() -> Outcome {
    watch(Meter::Heat, async |page| {
        page.wait_for_value(captures::FLOW_TEMPERATURE).await?;
        page.wait_until("document.querySelectorAll('#frame-list .frame-row[data-state=good]').length >= 4")
            .await
    })
    .await
}

#[tokio::test]
async fn a_ciphered_kamstrup_whose_key_comes_late() -> Outcome {
    watch(Meter::KamstrupCiphered, async |page| {
        page.wait_until("document.querySelector('#verdict')?.innerText.includes('key needed')").await?;
        assert!(page.cards().await?.is_empty(), "nobody has the key yet");
        // The first message stays in view: whoever looks into one does not follow the newest.
        let first = "#frame-list .frame-row[data-index='0']";
        page.click(first).await?;
        assert!(page.text(first).await?.contains("key needed"));
        page.wait_until("document.querySelector('#frame-security')?.dataset.state === 'key-missing'").await?;
        page.click("#keys-button").await?;
        page.click("#key-encryption").await?;
        page.type_text(captures::encryption_key()).await?;
        page.click("#key-authentication").await?;
        page.type_text(captures::authentication_key()).await?;
        page.click("#key-add").await?;
        page.wait_for(".key-row[data-key]").await?;
        page.click("#keys-close").await?;
        // What came before the key has readings now: the content of the first message is its import.
        let content = format!("document.querySelector(`{first} .col-content`)?.innerText.split('·') ?? []");
        page.wait_until(&any_is_a_power(&content, 0..1)).await?;
        page.wait_until("document.querySelector('#frame-security')?.dataset.state === 'decrypted'").await?;
        // And it goes on with the key: the card shows the import of a message that was not there yet.
        let frames = good_frames(page).await?;
        let card = ".value-card[data-quantity='active-power-import']:not([data-phase]) .card-number";
        let shown = format!("[document.querySelector(`{card}`)?.innerText ?? '']");
        page.wait_until_within(30, &any_is_a_power(&shown, frames..frames + 100)).await
    })
    .await
}

/// Whether one of these texts is the import in one of these ciphered messages, however the page writes large numbers.
fn any_is_a_power(texts: &str, messages: Range<u32>) -> String {
    let powers: Vec<String> =
        messages.map(|number| format!("'{}'", captures::ciphered_power_w(number))).collect();
    format!("({texts}).some(text => [{}].includes(text.replace(/[^0-9]/g, '')))", powers.join(", "))
}

/// Connects to a meter, looks for what should be shown, and checks that the capture holds what was on the line.
async fn watch(meter: Meter, shown: impl AsyncFnOnce(&Page) -> Outcome) -> Outcome {
    live_scenario(async |bench, page| {
        page.connect(meter.preset()).await?;
        bench.board().wait_for_line(meter.settings()).await?;
        page.wait_for_connection(Connection::Open).await?;
        assert_eq!(page.text("#live-settings").await?, meter.settings().to_string());
        let speaking = meter.start(bench.board());
        shown(page).await?;
        check_capture(bench, page, &speaking.silence().await?).await
    })
    .await
}

async fn check_capture(bench: &Bench, page: &Page, delivered: &[u8]) -> Outcome {
    page.wait_for_saved_octets(delivered.len()).await?;
    assert_eq!(page.export_octets(bench).await?, delivered);
    Ok(())
}

async fn good_frames(page: &Page) -> Outcome<u32> {
    page.evaluate("document.querySelectorAll('#frame-list .frame-row[data-state=good]').length").await
}

fn power() -> String {
    captures::POWER_W.to_string()
}
