//! Keys: by mouse and by keyboard, wrong and right, remembered and not.

use meterscope_e2e::{Key, Outcome, Page, captures, scenario};

const ENCRYPTION: &str = "#key-encryption";
const AUTHENTICATION: &str = "#key-authentication";

#[tokio::test]
async fn a_key_given_later_reads_what_is_there_already() -> Outcome {
    scenario(async |page| {
        open_ciphered(page).await?;
        assert_verdict(page, "key needed").await?;
        assert!(page.text("#frame-security").await?.contains("1000"), "the frame counter is said");
        page.click("#keys-button").await?;
        let sender = page.text("#key-senders").await?;
        assert!(sender.contains("MSC 10 00 00 00 01") && sender.contains("counter 1002"), "{sender}");
        add(page, &captures::encryption_key(), &captures::authentication_key()).await?;
        let list = page.text("#key-list").await?;
        assert!(list.contains("Opens 3 of 3 messages, tag checked"), "{list}");
        page.click("#keys-close").await?;
        page.wait_for(".value-card").await?;
        assert_verdict(page, "All good").await?;
        assert!(page.text("#keys-button").await?.contains('1'));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_wrong_key_is_told_from_a_missing_one() -> Outcome {
    scenario(async |page| {
        open_ciphered(page).await?;
        page.click("#verdict-keys").await?;
        add(page, &"00".repeat(16), &captures::authentication_key()).await?;
        let list = page.text("#key-list").await?;
        assert!(list.contains("Opens none of 3 messages"), "{list}");
        page.click("#key-list .button").await?;
        page.wait_until("document.querySelector('#key-list').innerText.includes('No key')").await?;
        add(page, &captures::encryption_key(), &"00".repeat(16)).await?;
        let list = page.text("#key-list").await?;
        assert!(list.contains("authentication key does not"), "{list}");
        page.click("#keys-close").await?;
        assert_verdict(page, "wrong key").await?;
        assert!(page.cards().await?.is_empty(), "a refused message shows no values");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn swapped_keys_are_known_and_turned_round() -> Outcome {
    scenario(async |page| {
        open_ciphered(page).await?;
        page.click("#keys-button").await?;
        add(page, &captures::authentication_key(), &captures::encryption_key()).await?;
        page.click(".key-swapped .button").await?;
        page.wait_until("document.querySelector('#key-list').innerText.includes('tag checked')").await?;
        page.click("#keys-close").await?;
        assert_verdict(page, "All good").await
    })
    .await
}

#[tokio::test]
async fn keys_as_people_write_them_and_what_is_none() -> Outcome {
    scenario(async |page| {
        open_ciphered(page).await?;
        page.click("#keys-button").await?;
        for (text, mistake) in [("", "no key here"), ("0011", "4 digits"), ("00zz", "Character 3")] {
            fill(page, ENCRYPTION, text).await?;
            page.click("#key-add").await?;
            page.wait_until(&format!("document.querySelector('.mistake')?.innerText.includes('{mistake}')"))
                .await?;
            page.wait_until("document.activeElement.id === 'key-encryption'").await?;
        }
        let pairs = captures::encryption_key();
        let pairs: Vec<&str> = (0..16).map(|at| &pairs[2 * at..2 * at + 2]).collect();
        add(page, &pairs.join(":"), &format!("0x{}", captures::authentication_key())).await?;
        let list = page.text("#key-list").await?;
        assert!(list.contains("tag checked"), "{list}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_keyboard_alone_adds_a_key_for_a_sender() -> Outcome {
    scenario(async |page| {
        open_ciphered(page).await?;
        page.tab_to("keys-button").await?;
        page.press(Key::Enter).await?;
        page.wait_until("document.querySelector('#key-dialog').open").await?;
        page.tab_to("key-senders").await?;
        page.press(Key::Enter).await?;
        page.wait_until("document.activeElement.id === 'key-encryption'").await?;
        page.type_text(captures::encryption_key()).await?;
        page.tab_to("key-authentication").await?;
        page.type_text(captures::authentication_key()).await?;
        let whose: String = page.evaluate("document.querySelector('#key-number').value").await?;
        assert_eq!(whose.replace(' ', ""), "4D53431000000001");
        page.press(Key::Enter).await?;
        page.wait_until("document.querySelector('#key-list').innerText.includes('for MSC')").await?;
        page.press(Key::Escape).await?;
        page.wait_until("!document.querySelector('#key-dialog').open").await?;
        assert!(page.has_focus("keys-button").await?);
        assert_verdict(page, "All good").await
    })
    .await
}

#[tokio::test]
async fn keys_are_gone_with_the_page_unless_they_are_to_be_remembered() -> Outcome {
    scenario(async |page| {
        page.click("#keys-button").await?;
        add(page, &captures::encryption_key(), "").await?;
        assert_nowhere(page).await?;
        page.reload().await?;
        assert!(!page.text("#keys-button").await?.contains('1'));

        page.click("#keys-button").await?;
        add(page, &captures::encryption_key(), "").await?;
        page.click("#keys-remember").await?;
        page.wait_until("localStorage.getItem('meterscope-keys')").await?;
        page.reload().await?;
        assert!(page.text("#keys-button").await?.contains('1'));

        page.click("#keys-button").await?;
        page.click("#keys-remember").await?;
        page.wait_until("localStorage.getItem('meterscope-keys') === null").await?;
        assert_nowhere(page).await
    })
    .await
}

async fn open_ciphered(page: &Page) -> Outcome {
    page.paste(&captures::hex(&captures::ciphered())).await?;
    page.wait_for_capture().await
}

/// Gives a key by mouse; the form is empty afterwards.
async fn add(page: &Page, encryption: &str, authentication: &str) -> Outcome {
    fill(page, ENCRYPTION, encryption).await?;
    fill(page, AUTHENTICATION, authentication).await?;
    page.click("#key-add").await?;
    page.wait_for(".key-row[data-key]").await?;
    page.wait_until("[...document.querySelectorAll('.secret')].every(field => field.value === '')").await
}

async fn fill(page: &Page, field: &str, text: &str) -> Outcome {
    page.click(field).await?;
    page.evaluate::<()>(&format!("document.querySelector('{field}').select()")).await?;
    page.press(Key::Delete).await?;
    if text.is_empty() { Ok(()) } else { page.type_text(text).await }
}

/// No digit of the key stands in the document, the address or the storage.
async fn assert_nowhere(page: &Page) -> Outcome {
    let everything: String = page
        .evaluate(
            "document.documentElement.outerHTML + location.href
                + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)",
        )
        .await?;
    assert!(!everything.to_uppercase().contains(&captures::encryption_key()), "a key lies open");
    Ok(())
}

async fn assert_verdict(page: &Page, words: &str) -> Outcome {
    page.wait_until(&format!("document.querySelector('#verdict')?.innerText.includes('{words}')")).await
}
