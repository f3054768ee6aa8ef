//! One selection joins field and octets, both ways, and can be copied.

use meterscope_e2e::{FieldRow, Outcome, Page, captures, scenario};
use serde_json::json;

#[tokio::test]
async fn choosing_a_field_selects_its_octets() -> Outcome {
    scenario(async |page| {
        let field = open_and_find_power(page).await?;
        page.click_field(&field).await?;
        assert_eq!(page.selected_octets().await?, (field.start..field.end).collect::<Vec<_>>());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn choosing_an_octet_selects_the_field_it_belongs_to() -> Outcome {
    scenario(async |page| {
        let field = open_and_find_power(page).await?;
        page.click_octet(field.end - 1).await?;
        let selected = page.selected_field().await?;
        assert_eq!((selected.start, selected.end), (field.start, field.end));
        assert_eq!(page.selected_octets().await?, (field.start..field.end).collect::<Vec<_>>());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_octet_belongs_to_a_field() -> Outcome {
    scenario(async |page| {
        let capture = captures::aidon_list_1();
        page.paste(&captures::hex(&capture)).await?;
        for offset in 0..capture.len() {
            page.click_octet(offset).await?;
            let selected = page.selected_field().await?;
            assert!((selected.start..selected.end).contains(&offset), "octet {offset} selects {selected:?}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_field_is_copied_as_text_and_as_hex() -> Outcome {
    scenario(async |page| {
        let permissions = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        page.session().cdp().send_raw("Browser.grantPermissions", permissions).await?;
        let field = open_and_find_power(page).await?;
        page.click_field(&field).await?;
        page.click("#copy-hex").await?;
        let capture = captures::aidon_list_1();
        let octets = capture.get(field.start..field.end).ok_or("the field lies in the capture")?;
        assert_eq!(clipboard(page).await?.to_uppercase(), captures::hex(octets));
        page.click("#copy-field").await?;
        let text = clipboard(page).await?;
        assert!(text.contains(&captures::POWER_W.to_string()), "{text}");
        Ok(())
    })
    .await
}

/// Opens a short frame and finds the field with the power, the narrowest that shows it.
async fn open_and_find_power(page: &Page) -> Outcome<FieldRow> {
    page.paste(&captures::hex(&captures::aidon_list_1())).await?;
    page.wait_for_capture().await?;
    let power = captures::POWER_W.to_string();
    let fields = page.fields().await?;
    let field =
        fields.iter().filter(|field| field.text.contains(&power)).min_by_key(|field| field.end - field.start);
    Ok(field.cloned().ok_or_else(|| format!("no field shows {power}: {fields:#?}"))?)
}

/// Waits for what the page has put there.
async fn clipboard(page: &Page) -> Outcome<String> {
    page.wait_until("navigator.clipboard.readText().then(text => text.length > 0)").await?;
    page.evaluate("navigator.clipboard.readText()").await
}
