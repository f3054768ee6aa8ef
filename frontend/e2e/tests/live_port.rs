//! What can happen to a port: plugs, permissions, other programs and tabs, browsers without any.

use meterscope_capture::line_settings::LineSettings;
use meterscope_e2e::{Bench, Connection, Key, Meter, Outcome, Page, Picker, captures, live_scenario};

#[tokio::test]
async fn a_plug_pulled_in_the_middle_of_a_frame_and_put_back() -> Outcome {
    live_scenario(async |bench, page| {
        open(bench, page).await?;
        let frame = Meter::Kaifa.octets(0);
        let (first, _) = frame.split_at(60);
        bench.board().write_all(first)?;
        page.wait_for_saved_octets(first.len()).await?;
        bench.board().unplug()?;
        page.wait_for_connection(Connection::Unplugged).await?;
        page.wait_for_events("unplugged", 1).await?;

        bench.board().plug()?;
        bench.board().wait_for_line(Meter::Kaifa.settings()).await?;
        page.wait_for_connection(Connection::Open).await?;
        page.wait_for_events("replugged", 1).await?;
        bench.board().write_all(&frame)?;
        page.wait_for_value(&captures::POWER_W.to_string()).await?;
        page.wait_for_saved_octets(first.len() + frame.len()).await?;
        assert_eq!(page.export_octets(bench).await?, [first, &frame].concat());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn while_the_board_is_gone_the_verdict_is_about_what_came_before() -> Outcome {
    const IS_GOOD: &str = "document.querySelector('#status-strip.is-good')";
    live_scenario(async |bench, page| {
        open(bench, page).await?;
        bench.board().write_all(&Meter::Kaifa.octets(0))?;
        page.wait_until(IS_GOOD).await?;
        bench.board().unplug()?;
        page.wait_for_connection(Connection::Unplugged).await?;
        let said = page.text("#verdict").await?;
        assert!(said.starts_with("Before the board was gone: "), "{said}");
        assert!(!page.is_visible("#status-strip.is-good").await?);

        bench.board().plug()?;
        bench.board().wait_for_line(Meter::Kaifa.settings()).await?;
        page.wait_for_connection(Connection::Open).await?;
        bench.board().write_all(&Meter::Kaifa.octets(0))?;
        page.wait_until(IS_GOOD).await
    })
    .await
}

#[tokio::test]
async fn a_permission_that_went_with_the_plug_is_given_again() -> Outcome {
    live_scenario(async |bench, page| {
        open(bench, page).await?;
        bench.board().unplug()?;
        page.wait_for_connection(Connection::Unplugged).await?;
        page.forget_permission().await?;
        bench.board().plug()?;
        // Nothing tells the page that the board is back, so it offers to ask after a while.
        page.wait_for_connection(Connection::PermissionGone).await?;
        page.click("#allow-again").await?;
        bench.board().wait_for_line(Meter::Kaifa.settings()).await?;
        page.wait_for_connection(Connection::Open).await?;
        bench.board().write_all(&Meter::Kaifa.octets(0))?;
        page.wait_for_value(&captures::POWER_W.to_string()).await
    })
    .await
}

#[tokio::test]
async fn a_permission_revoked_in_the_browser_is_said() -> Outcome {
    live_scenario(async |bench, page| {
        open(bench, page).await?;
        page.revoke_permission().await?;
        page.wait_for_connection(Connection::PermissionGone).await?;
        assert!(page.is_visible("#allow-again").await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_port_that_another_program_has() -> Outcome {
    live_scenario(async |bench, page| {
        bench.board().with_terminal(|terminal| terminal.occupy(true))?;
        page.connect(Meter::Kaifa.preset()).await?;
        page.wait_for_connection(Connection::Failed).await?;
        let said = page.text("#live-text").await?;
        assert!(said.contains("Another program or tab is using it"), "{said}");
        bench.board().with_terminal(|terminal| terminal.occupy(false))?;
        open(bench, page).await
    })
    .await
}

#[tokio::test]
async fn a_speed_that_is_none_is_said_and_not_used() -> Outcome {
    const REFUSED: &str = "document.querySelector('#custom-baud').validationMessage";
    const HEIGHTS: &str = "[...document.querySelectorAll('.custom-settings input, .custom-settings select')]
        .map(field => field.offsetHeight)";
    live_scenario(async |bench, page| {
        page.click("#connect-button").await?;
        page.choose("preset-custom").await?;
        let heights: Vec<u32> = page.evaluate(HEIGHTS).await?;
        assert!(heights.len() == 4 && heights.iter().all(|height| *height == heights[0]), "{heights:?}");
        for typed in ["", "-", "49", "2400.5", "9600.0", "1e4", "4000001"] {
            type_speed(page, typed).await?;
            page.click("#connect-submit").await?;
            let said: String = page.evaluate(REFUSED).await?;
            assert!(said.contains("whole number") && said.contains("2400"), "{typed}: {said}");
            assert!(page.has_focus("custom-baud").await?, "{typed}: it is shown where");
        }
        assert_eq!(bench.board().line()?, None);
        type_speed(page, "300").await?;
        page.press(Key::Enter).await?;
        bench.board().wait_for_line(LineSettings { baud: 300, ..LineSettings::MBUS }).await?;
        page.wait_for_connection(Connection::Open).await
    })
    .await
}

async fn type_speed(page: &Page, speed: &str) -> Outcome {
    page.evaluate::<bool>("document.querySelector('#custom-baud').select() ?? true").await?;
    page.press(Key::Backspace).await?;
    if speed.is_empty() { Ok(()) } else { page.type_text(speed).await }
}

#[tokio::test]
async fn a_second_tab_says_that_the_first_has_the_port() -> Outcome {
    live_scenario(async |bench, page| {
        open(bench, page).await?;
        let first = page.session().window().await?;
        bench.open_tab(page).await?;
        page.connect(Meter::Kaifa.preset()).await?;
        page.wait_for("#port-in-other-tab").await?;
        page.session().switch_to_window(first).await?;
        page.wait_for_connection(Connection::Open).await?;
        bench.board().write_all(&Meter::Kaifa.octets(0))?;
        page.wait_for_value(&captures::POWER_W.to_string()).await
    })
    .await
}

#[tokio::test]
async fn the_browsers_dialog_closed_without_a_choice() -> Outcome {
    live_scenario(async |bench, page| {
        page.cancel_picker(true).await?;
        page.connect(Meter::Kaifa.preset()).await?;
        page.wait_for("#picker-cancelled").await?;
        page.cancel_picker(false).await?;
        page.reload().await?;
        open(bench, page).await
    })
    .await
}

#[tokio::test]
async fn the_next_visit_connects_with_one_click() -> Outcome {
    live_scenario(async |bench, page| {
        open(bench, page).await?;
        page.reload().await?;
        page.click("#reconnect-button").await?;
        page.wait_for_connection(Connection::Open).await?;
        bench.board().write_all(&Meter::Kaifa.octets(0))?;
        page.wait_for_value(&captures::POWER_W.to_string()).await
    })
    .await
}

#[tokio::test]
async fn a_browser_without_web_serial() -> Outcome {
    let bench = Bench::new(&meterscope_e2e::page_folder())?;
    bench
        .browse(Picker::Missing, async |page| {
            page.wait_for("#connect-unavailable").await?;
            assert!(page.is_visible("#connect-unavailable").await?);
            assert!(page.evaluate::<bool>("document.querySelector('#connect-button').disabled").await?);
            Ok(())
        })
        .await
}

async fn open(bench: &Bench, page: &Page) -> Outcome {
    page.connect(Meter::Kaifa.preset()).await?;
    bench.board().wait_for_line(Meter::Kaifa.settings()).await?;
    page.wait_for_connection(Connection::Open).await
}
