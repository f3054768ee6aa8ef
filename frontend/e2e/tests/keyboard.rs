//! The whole way without a mouse.

use meterscope_e2e::{FrameState, Key, Outcome, captures, scenario};

#[tokio::test]
async fn the_keyboard_alone_goes_all_the_way() -> Outcome {
    scenario(async |page| {
        page.tab_to("paste-button").await?;
        page.press(Key::Enter).await?;
        page.wait_for("#paste-dialog #paste-text").await?;
        page.tab_to("paste-text").await?;
        page.type_text(captures::hex(&captures::damaged_then_good())).await?;
        page.tab_to("paste-submit").await?;
        page.press(Key::Enter).await?;
        page.wait_for_capture().await?;

        page.tab_to("frame-list").await?;
        page.press_with_control(Key::Home).await?;
        page.wait_for(".frame-row[data-index='0'][aria-selected=true]").await?;
        page.press(Key::Down).await?;
        page.wait_for(".frame-row[data-index='1'][aria-selected=true]").await?;
        let good = page.frames().await?.into_iter().find(|frame| frame.selected).ok_or("one is selected")?;
        assert_eq!(good.state, FrameState::Good);

        page.tab_to("field-tree").await?;
        page.press_with_control(Key::End).await?;
        let last = page.selected_field().await?;
        page.press(Key::Up).await?;
        let before = page.selected_field().await?;
        assert_ne!((last.start, last.end), (before.start, before.end));
        let octets = page.selected_octets().await?;
        assert_eq!((octets.first(), octets.len()), (Some(&before.start), before.end - before.start));

        page.tab_to("hex-view").await?;
        page.press_with_control(Key::Home).await?;
        page.press(Key::Right).await?;
        let reached = page.selected_field().await?;
        assert_ne!((reached.start, reached.end), (before.start, before.end));
        assert!(page.selected_octets().await?.contains(&reached.start));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn escape_closes_the_dialog_and_gives_the_focus_back() -> Outcome {
    scenario(async |page| {
        page.tab_to("paste-button").await?;
        page.press(Key::Enter).await?;
        page.wait_until("document.querySelector('#paste-dialog').open").await?;
        page.press(Key::Escape).await?;
        page.wait_until("!document.querySelector('#paste-dialog')?.open").await?;
        assert!(page.has_focus("paste-button").await?);
        Ok(())
    })
    .await
}
