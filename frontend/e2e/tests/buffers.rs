//! Joined and deciphered octets: fields of their own, and the way back to the frames.

use meterscope_e2e::{FieldRow, Key, Outcome, Page, captures, scenario};

#[tokio::test]
async fn one_selection_joins_field_and_octets_in_every_buffer() -> Outcome {
    scenario(async |page| {
        let fields = open_blocks(page).await?;
        for (buffer, name) in [(0, "Frame"), (1, "Joined"), (2, "Deciphered")] {
            let narrowest = |field: &&&FieldRow| field.end - field.start;
            let own: Vec<_> = fields.iter().filter(|field| field.buffer == buffer).collect();
            let field = own.iter().filter(|field| field.start > 0).min_by_key(narrowest);
            let field = field.ok_or("each buffer has fields")?;
            page.click_field(field).await?;
            assert_eq!(page.text("#buffer-switch [aria-pressed=true]").await?, name);
            assert_eq!(page.selected_octets().await?, (field.start..field.end).collect::<Vec<_>>());
            page.click_octet(0).await?;
            let selected = page.selected_field().await?;
            assert_eq!((selected.buffer, selected.start), (buffer, 0));
            let whole = own.first().ok_or("each buffer has a row of its own")?;
            assert_eq!(page.octets().await?, (whole.start..whole.end).collect::<Vec<_>>());
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_keyboard_chooses_the_octets_that_are_shown() -> Outcome {
    scenario(async |page| {
        open_blocks(page).await?;
        page.tab_to("buffer-2").await?;
        page.press(Key::Enter).await?;
        page.wait_for("#buffer-2[aria-pressed=true]").await?;
        let selected = page.selected_field().await?;
        assert!(selected.buffer == 2 && selected.text.contains("Deciphered"), "{selected:?}");
        page.tab_to("hex-view").await?;
        page.press(Key::Right).await?;
        page.wait_until("document.querySelector('#octet-1.cursor')").await?;
        assert_eq!(page.selected_field().await?.buffer, 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_joined_octet_leads_back_to_the_frame_that_brought_it() -> Outcome {
    scenario(async |page| {
        open_blocks(page).await?;
        page.click("#buffer-2").await?;
        // From the plaintext to the ciphertext, from there to the frame.
        page.click("#octet-source").await?;
        page.wait_for("#buffer-1[aria-pressed=true]").await?;
        page.click_octet(0).await?;
        let source = page.text("#octet-source").await?;
        assert!(source.contains("from frame 1, octet"), "{source}");
        page.click("#octet-source").await?;
        page.wait_for(".frame-row[data-index='0'][aria-selected=true]").await?;
        let at: usize = source.rsplit(' ').next().unwrap_or_default().parse()?;
        assert!(page.selected_octets().await?.contains(&at));
        let parts = page.frames().await?;
        assert!(parts.first().is_some_and(|frame| frame.text.contains("part of the message")), "{parts:?}");
        Ok(())
    })
    .await
}

/// Opens a message that is ciphered and comes in blocks, with its key, and gives the fields of the last frame.
async fn open_blocks(page: &Page) -> Outcome<Vec<FieldRow>> {
    page.paste(&captures::hex(&captures::ciphered_in_blocks())).await?;
    page.wait_for_capture().await?;
    page.click("#keys-button").await?;
    page.click("#key-encryption").await?;
    page.type_text(captures::encryption_key()).await?;
    page.click("#key-authentication").await?;
    page.type_text(captures::authentication_key()).await?;
    page.press(Key::Enter).await?;
    page.wait_for(".key-row[data-key]").await?;
    page.press(Key::Escape).await?;
    page.wait_for(".value-card").await?;
    page.click(".value-card").await?;
    page.wait_for("#buffer-2").await?;
    page.fields().await
}
