"""Which test proves which promise of security: a table a maintainer can go through.

A case is an attack or a fault; its tests fail if the control behind it is taken away. Whoever
renames or removes such a test says here what proves the case instead.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Case:
    """What is tried, and the tests (``folder/file::test``, below ``tests``) that prove it vain."""

    what: str
    tests: tuple[str, ...]


MATRIX: Final = "web/test_matrix.py::test_nobody_gets_or_changes_what_is_not_theirs"
CAUGHT: Final = "web/test_matrix_catches.py::test_a_planted_fault_is_seen_and_nothing_without_it"


def case(what: str, *tests: str) -> Case:
    return Case(what, tests)


CASES: Final[Mapping[str, Case]] = {
    # -- who may what ------------------------------------------------------------------------------
    "R1": case(
        "A new route that says nothing of who may call it",
        "web/test_policies.py::test_a_route_without_a_policy_is_named",
        "web/test_policies.py::test_the_application_does_not_start_with_a_route_nobody_thought_about",
        "web/test_policies.py::test_a_route_added_after_the_start_answers_nobody",
        "web/test_matrix.py::test_no_route_and_no_method_is_left_out",
    ),
    "R2": case(
        "Another consultancy's rows by their ids: as if they were not there, and on record",
        MATRIX,
        CAUGHT,
        "web/test_refusals.py::test_what_is_anothers_leaves_the_same_line_as_what_there_is_not",
        "web/test_refusals.py::test_what_a_role_does_not_allow_is_on_record",
    ),
    "R3": case(
        "A report or file of another consultancy, or of another client's engagement",
        MATRIX,
        "web/test_reports.py::test_files_of_others_are_not_found_and_told_like_missing_ones",
        "services/test_portal_sharing.py::test_a_version_taken_back_is_gone_at_once",
    ),
    "R4": case(
        "Lists, counts and exports narrowed to an engagement of somebody else",
        MATRIX,
        CAUGHT,
        "services/test_clients.py::test_who_sees_which_client",
        "services/test_progress.py::test_everybody_is_told_of_their_own_engagements_alone",
        "web/test_record.py::test_people_take_away_only_what_they_see",
    ),
    "R5": case(
        "A choice of several things, one of them somebody else's",
        "web/test_workspace_invitations.py::test_one_foreign_id_refuses_the_whole_choice",
        "services/test_invitations.py::test_one_foreign_invitation_among_several_refuses_them_all",
    ),
    "R6": case(
        "An address that mixes one's own engagement with what belongs to another",
        MATRIX,
        "web/test_workspace_invitations.py::test_an_invitation_is_found_under_its_own_engagement_alone",
        "services/test_saving.py::test_an_answer_goes_only_into_a_response_of_the_engagement_named",
    ),
    "R7": case(
        "A respondent's link at the answers of another",
        MATRIX,
        "services/test_responding.py::test_nobody_writes_into_the_answers_of_another_link",
    ),
    "R8": case(
        "Fields that are not on the page, sent along",
        "web/test_interview_answers.py::test_fields_there_are_not_are_refused_and_change_nothing",
        "web/test_respond_answers.py::test_a_field_the_page_does_not_have_refuses_the_whole_page",
        "web/test_workspace.py::test_a_field_that_is_not_on_the_page_is_refused",
        "web/test_workspace_invitations.py::test_a_field_that_is_not_on_the_page_is_refused",
        "web/test_reports.py::test_fields_that_are_not_on_the_page_are_refused",
        "web/test_settings.py::test_fields_that_are_not_on_the_page_are_refused",
        "web/test_diagnosis.py::test_a_form_brings_nothing_but_its_own_fields",
    ),
    "R9": case(
        "A row moved to another consultancy, or made to hang on a row of one",
        "store/test_scope.py::test_a_row_moved_to_another_tenant_is_refused",
        "store/test_scope.py::test_a_reference_to_another_tenants_row_cannot_be_stored",
        "services/test_clients.py::test_nobody_of_another_consultancy_joins_a_team",
        MATRIX,
    ),
    "R10": case(
        "A role lowered, a member disabled, a session or link revoked: from the next request on",
        "web/test_auth_members.py::test_a_changed_role_holds_for_the_next_request_of_the_member",
        "web/test_auth_members.py::test_a_disabled_member_is_out_with_the_next_request",
        "web/test_respond_door.py::test_a_phone_that_is_shut_out_sees_the_same_page_as_a_stranger",
        "services/test_register.py::test_a_job_runs_with_the_rights_its_creator_has_now",
        "services/test_register.py::test_a_creator_who_left_the_team_gets_no_report",
        CAUGHT,
        "services/test_portal_entering.py::test_a_contact_who_is_shut_out_is_out_with_the_next_request",
    ),
    "R11": case(
        "A change behind a right that is for looking",
        "web/test_policies.py::test_a_right_to_look_does_not_guard_a_change",
        "web/test_policies.py::test_every_route_that_is_wrong_is_named_at_once",
    ),
    "R12": case(
        "A job whose creator or whose whole consultancy is gone meanwhile",
        "services/test_register.py::test_a_job_runs_with_the_rights_its_creator_has_now",
        "services/test_register.py::test_the_jobs_of_a_deleted_consultancy_are_gone_with_it",
        "services/test_report_drawing.py::"
        "test_a_consultancy_deleted_while_its_report_is_drawn_leaves_nothing",
    ),
    # -- links, tokens, sessions -------------------------------------------------------------------
    "R13": case(
        "Live secrets in the database, the outbox, the queue or a log",
        "web/test_auth_links.py::test_neither_database_nor_outbox_nor_log_holds_a_live_secret",
        "web/test_respond_door.py::test_no_token_lies_in_the_database_the_log_or_the_mail",
        "services/test_accounts_mailing.py::test_the_outbox_holds_no_link_and_refuses_one",
        "jobs/test_queue.py::test_what_lies_in_the_file_is_json",
        "web/test_killed_server.py::test_no_link_anybody_opened_stands_in_the_servers_log",
        "web/test_refusals.py::test_no_secret_and_no_query_gets_into_the_record",
        "services/test_portal_entering.py::test_no_table_holds_a_live_secret",
    ),
    "R14": case(
        "Programs that open links before the person does",
        "web/test_respond_door.py::test_looking_at_a_link_changes_nothing_however_often",
        "web/test_portal.py::test_looking_at_a_link_changes_nothing_and_names_nobody",
        "web/test_auth_links.py::test_programs_that_open_links_change_nothing",
    ),
    "R15": case(
        "A link's secret in a later address, referrer, history or cache",
        "web/test_respond_door.py::test_after_the_button_no_address_and_no_page_has_the_token",
        "web/test_auth_links.py::test_no_later_page_has_the_token_in_it_or_tells_its_address",
        "browser/test_respondent.py::"
        "test_the_link_is_in_no_later_address_no_referrer_no_history_and_no_log",
        "web/test_portal.py::test_entering_leads_to_an_address_without_the_token",
    ),
    "R16": case(
        "Links that are over, revoked, replaced or made up: one page, and no other cost",
        "web/test_respond_door.py::test_every_link_that_opens_nothing_gets_the_same_page_to_the_byte",
        "web/test_auth_links.py::test_a_dead_link_looks_the_same_whatever_it_died_of",
        "services/test_responding.py::test_every_dead_link_costs_the_same_queries_as_a_live_one",
        "web/test_portal.py::test_every_dead_link_is_answered_alike",
        "web/test_portal.py::test_every_dead_address_is_the_same_bare_answer",
    ),
    "R17": case(
        "A session somebody planted before the sign-in or the exchange of a link",
        "web/test_auth_signing_in.py::test_a_session_planted_before_signing_in_is_dead_after",
        "web/test_auth_links.py::test_joining_ends_the_session_the_browser_brought_along",
        "web/test_respond_door.py::test_a_token_somebody_planted_is_replaced_by_a_new_one",
        "services/test_portal_entering.py::test_entering_anew_ends_the_session_the_browser_brought",
    ),
    "R18": case(
        "Sessions after sign-out and after a new password",
        "web/test_auth_signing_in.py::test_signing_out_ends_the_session_at_the_server",
        "web/test_auth_signing_in.py::test_a_changed_password_signs_out_all_other_devices",
        "services/test_accounts_mailing.py::"
        "test_a_mailed_link_sets_a_new_password_and_ends_every_session",
        "web/test_portal.py::test_signing_out_ends_the_session_at_the_server",
    ),
    "R19": case(
        "Guessing who has an account, and passwords; keeping somebody out by failing as them",
        "web/test_auth_signing_in.py::test_unknown_and_wrong_are_answered_with_the_same_page",
        "services/test_accounts_signing_in.py::"
        "test_every_refusal_costs_one_hash_whether_there_is_an_account_or_not",
        "web/test_auth_signing_in.py::"
        "test_the_eleventh_try_is_answered_with_429_and_when_to_come_back",
        "services/test_accounts_mailing.py::"
        "test_whoever_is_kept_out_by_anothers_tries_gets_in_by_a_new_password",
        "web/test_portal.py::test_asking_for_a_link_says_the_same_for_every_address",
        "services/test_portal_entering.py::test_the_sixth_link_within_an_hour_is_refused_known_or_not",
    ),
    "R20": case(
        "A host that is not ours, told by the browser or by a proxy",
        "web/test_edge.py::test_a_forged_host_is_refused",
        "web/test_edge.py::test_a_host_that_a_proxy_passes_on_must_be_ours_too",
        "web/test_auth_links.py::test_links_name_the_configured_address_whatever_the_request_claims",
    ),
    "R21": case(
        "An address of origin somebody made up",
        "web/test_forgery.py::test_a_told_address_is_not_believed_without_a_proxy",
        "web/test_forgery.py::test_behind_one_proxy_its_word_is_taken_and_no_earlier_one",
        "web/test_auth_signing_in.py::"
        "test_a_forged_forwarding_header_does_not_change_who_is_counted",
        "web/test_respond_door.py::test_guessing_links_from_one_address_is_slowed_down",
    ),
    "R22": case(
        "A way on that leads to another site, however it is spelt",
        "web/test_auth_signing_in.py::test_nobody_is_sent_to_another_site_after_signing_in",
        "web/test_edge.py::test_changing_the_language_leads_to_no_other_site",
    ),
    "R23": case(
        "Changes that another site asks for",
        "web/test_forgery.py::test_a_change_another_site_asks_for_is_refused_and_does_nothing",
        "web/test_forgery.py::test_a_change_without_the_form_token_is_refused_and_does_nothing",
        "web/test_forgery.py::"
        "test_json_that_says_it_is_plain_text_is_refused_even_with_a_good_token",
        "web/test_auth_signing_in.py::test_another_site_can_neither_sign_somebody_in_nor_out",
    ),
    "R24": case(
        "A workshop behind one address, and one wild link in it",
        "web/test_respond_door.py::test_a_workshop_behind_one_address_is_served_and_one_wild_link_is_not",
        "web/test_respond_answers.py::test_one_device_cannot_send_without_end",
        "web/test_interview_answers.py::test_a_burst_of_saves_is_slowed_for_that_device_alone",
    ),
    "R25": case(
        "A page left open until its form token or the sign-in is over",
        "web/test_respond_answers.py::test_a_page_sent_twelve_hours_later_is_saved_as_if_at_once",
        "web/test_respond_answers.py::"
        "test_a_page_that_lay_open_too_long_comes_back_with_everything_on_it",
        "browser/test_cockpit_queue.py::test_an_expired_sign_in_loses_nothing",
        "web/test_interview_answers.py::"
        "test_without_the_form_token_nothing_is_saved_and_a_fresh_one_helps",
    ),
    "R26": case(
        "A session's token in an address or a header: it counts in its cookie alone. There are no "
        "tokens for programs yet",
        "web/test_edge.py::test_a_token_counts_in_its_cookie_and_nowhere_else",
    ),
    # -- answers -----------------------------------------------------------------------------------
    "R27": case(
        "Two who change one answer",
        "services/test_saving.py::test_a_stale_save_overwrites_nothing_and_both_values_are_on_record",
        "services/test_saving.py::"
        "test_two_who_answer_at_the_same_moment_do_not_overwrite_each_other",
        "web/test_interview_answers.py::"
        "test_a_stale_save_is_refused_with_both_values_and_who_was_faster",
        "web/test_respond_answers.py::test_a_stale_page_shows_both_answers_and_overwrites_nothing",
    ),
    "R28": case(
        "The same save ten times at once",
        "services/test_saving.py::"
        "test_the_same_save_ten_times_at_once_is_one_revision_and_one_reply",
        "web/test_respond_answers.py::test_ten_taps_at_once_are_one_save",
    ),
    "R29": case(
        "The key of one save used for another",
        "services/test_saving.py::test_a_key_used_for_something_else_is_refused",
        "web/test_interview_answers.py::test_a_key_of_another_answer_is_refused_by_its_field",
    ),
    "R30": case(
        "A save that races the sending",
        "services/test_submitting.py::"
        "test_a_save_that_races_the_sending_is_in_the_snapshot_or_refused",
        "services/test_interviewing.py::"
        "test_a_save_that_races_the_closing_is_in_the_snapshot_or_refused",
    ),
    "R31": case(
        "Sending, issuing and reminding many times",
        "services/test_submitting.py::test_sending_ten_times_at_once_is_sending_once",
        "web/test_respond_answers.py::test_ten_submissions_at_once_are_one",
        "services/test_register.py::test_a_double_click_is_one_report_and_one_job",
        "services/test_invitations.py::test_asking_ten_times_at_once_writes_one_letter",
    ),
    "R32": case(
        "A save after the sending",
        "services/test_submitting.py::test_nothing_is_taken_after_sending_and_the_seal_stays",
        "services/test_submitting.py::"
        "test_answers_given_back_can_be_changed_and_do_not_count_until_sent_again",
        "web/test_respond_answers.py::test_after_sending_a_page_left_open_is_told_so_and_kept_out",
    ),
    "R33": case(
        "kill -9 among saves",
        "services/test_killed_saves.py::test_nothing_acknowledged_is_lost_and_nothing_doubled",
        "web/test_killed_server.py::test_a_server_killed_among_saves_loses_and_doubles_nothing",
    ),
    "R34": case(
        "A full disk",
        "web/test_failing_store.py::"
        "test_on_a_full_disk_nothing_is_acknowledged_that_is_not_kept_and_it_heals",
        "web/test_failing_store.py::"
        "test_a_photo_that_finds_no_room_leaves_nothing_and_can_be_sent_again",
        "services/test_report_drawing.py::"
        "test_a_drawing_that_finds_no_room_is_tried_again_and_is_whole",
        "store/test_blobs.py::test_a_failing_disk_leaves_nothing_behind",
    ),
    "R35": case(
        "A database that is locked, full of connections or gone",
        "web/test_failing_store.py::test_a_save_into_a_locked_database_is_put_off_and_not_lost",
        "web/test_failing_store.py::test_a_database_that_cannot_even_be_read_asks_to_come_back",
        "web/test_failing_store.py::test_no_free_connection_asks_to_come_back",
        "web/test_failing_store.py::test_a_server_that_is_not_there_is_told_like_a_busy_one",
        "web/test_failing_store.py::test_a_server_that_was_started_anew_is_found_again",
        "web/test_failing_store.py::"
        "test_a_server_that_goes_away_in_mid_save_loses_and_doubles_nothing",
    ),
    "R36": case(
        "Half an hour without a network, forty answers",
        "browser/test_cockpit_queue.py::"
        "test_forty_answers_of_half_an_hour_without_a_network_arrive_once_and_in_order",
        "browser/test_cockpit_queue.py::"
        "test_what_is_answered_without_a_network_arrives_once_in_order",
        "browser/test_cockpit_queue.py::test_a_save_whose_answer_was_lost_on_the_way_is_not_doubled",
    ),
    # -- files and words ---------------------------------------------------------------------------
    "R45": case(
        "A picture that is none, hides something or is immense",
        "services/test_pictures.py::test_place_camera_and_comments_are_gone",
        "services/test_pictures.py::test_a_second_file_behind_the_first_is_gone",
        "services/test_pictures.py::test_other_formats_are_refused_by_what_is_in_them",
        "services/test_pictures.py::test_a_pixel_bomb_is_refused_before_it_is_decoded",
        "services/test_pictures.py::test_noise_is_made_smaller_until_it_fits",
        "web/test_settings.py::test_a_logo_is_drawn_anew_and_shown_to_members_alone",
        "web/test_settings.py::test_what_is_no_honest_picture_is_refused_with_words",
    ),
    "R46": case(
        "Names of files that are paths, headers or turn round",
        "web/test_workspace_invitations.py::test_the_name_of_a_file_does_not_matter",
        "web/test_workspace_invitations.py::test_a_download_has_a_name_that_is_only_a_name",
        "services/test_attaching.py::test_a_photo_is_called_something_harmless",
        "web/test_interview_pages.py::"
        "test_a_photo_is_added_without_scripts_and_sent_so_that_nothing_runs",
        "web/test_reports.py::test_a_file_is_named_after_a_client_of_any_name",
        "web/test_reports.py::test_a_file_comes_as_an_attachment_that_no_browser_runs",
        "store/test_blobs.py::test_no_path_is_ever_made_from_what_is_no_digest",
    ),
    "R47": case(
        "Markup in what people typed: on pages, in mail, in reports, in mistakes of a list",
        "web/test_workspace.py::test_markup_and_templates_stand_on_pages_as_they_were_typed",
        "web/test_interview_pages.py::test_markup_in_answers_labels_and_photos_is_shown_as_typed",
        "web/test_workspace_invitations.py::test_markup_in_names_and_labels_stays_text_everywhere",
        "web/test_diagnosis.py::test_markup_in_answers_and_decisions_is_text",
        "web/test_respond_answers.py::test_what_anybody_typed_is_shown_as_typed_and_does_nothing",
        "web/test_plan.py::test_what_somebody_typed_is_shown_as_text_and_nothing_else",
        "web/test_record.py::test_marked_up_names_are_words",
        "web/test_auth_members.py::test_marked_up_names_are_words",
        "web/test_workspace_invitations.py::"
        "test_mistakes_in_a_list_are_shown_escaped_with_sheet_row_and_column",
        "services/test_accounts_mailing.py::"
        "test_names_with_line_ends_and_markup_are_words_in_a_letter",
        "services/test_report_drawing.py::test_markup_and_templates_in_words_are_printed_as_typed",
    ),
    "R48": case(
        "Templates in what people typed",
        "services/test_report_drawing.py::test_markup_and_templates_in_words_are_printed_as_typed",
        "web/test_reports.py::test_what_a_client_typed_is_shown_as_typed",
        "web/test_respond_answers.py::test_what_anybody_typed_is_shown_as_typed_and_does_nothing",
        "services/test_accounts_mailing.py::"
        "test_names_with_line_ends_and_markup_are_words_in_a_letter",
    ),
    "R49": case(
        "A path or a URL where a name is expected",
        "web/test_hostile_names.py::test_no_name_in_an_address_opens_a_file",
        "web/test_respond_answers.py::test_an_address_that_is_no_page_opens_nothing",
        "web/test_failing.py::test_addresses_there_are_not_show_nothing",
        "store/test_blobs.py::test_no_path_is_ever_made_from_what_is_no_digest",
    ),
    # -- rendering and jobs ------------------------------------------------------------------------
    "R50": case(
        "An address that reaches the renderer, by whatever element or style",
        "reports/test_pdf_refusals.py::test_no_way_of_asking_reaches_outside",
        "reports/test_pdf_refusals.py::test_an_address_outside_the_assets_stops_the_render",
        "services/test_report_drawing.py::"
        "test_a_foreign_address_reaching_the_renderer_ends_the_job_and_is_on_record",
        "services/test_report_drawing.py::test_markup_and_templates_in_words_are_printed_as_typed",
        "jobs/test_child.py::test_the_child_has_no_network_or_the_log_says_so",
    ),
    "R51": case(
        "An address that would lead on to another",
        "reports/test_pdf_refusals.py::test_a_server_that_would_lead_elsewhere_is_not_even_asked",
    ),
    "R52": case(
        "A report over its limits of time, memory, pages or size",
        "services/test_report_drawing.py::"
        "test_a_drawing_over_its_limits_ends_with_the_reason_and_hurts_nobody",
        "services/test_report_drawing.py::test_a_drawing_that_breaks_is_tried_three_times",
        "jobs/test_child.py::test_a_loop_is_killed_at_the_wall_limit",
        "jobs/test_child.py::test_a_loop_is_killed_at_the_limit_of_processor_time",
        "jobs/test_child.py::test_a_memory_bomb_is_stopped",
        "jobs/test_child.py::test_a_result_over_its_limit_is_stopped",
        "jobs/test_child.py::test_all_descendants_die_with_a_child_that_is_stopped",
    ),
    "R53": case(
        "kill -9 of a worker, or of its child alone, in the middle of a report",
        "services/test_report_drawing.py::test_a_worker_killed_in_mid_render_leaves_one_final_file",
        "services/test_report_drawing.py::"
        "test_a_killed_child_is_tried_again_and_leaves_one_final_file",
        "services/test_report_drawing.py::test_a_worker_that_lost_its_lease_stores_nothing",
        "store/test_blobs.py::test_a_put_killed_anywhere_leaves_no_half_file",
        "jobs/test_child.py::test_killing_the_parent_leaves_no_process_and_no_file",
    ),
    "R54": case(
        "A flood of jobs of one consultancy",
        "store/test_job_turns.py::test_a_flood_of_one_tenant_keeps_nobody_else_waiting",
        "store/test_job_turns.py::test_two_workers_serve_two_tenants_at_once",
        "services/test_register.py::test_a_day_has_so_many_drawings_and_no_more",
    ),
    # -- killed in the middle ----------------------------------------------------------------------
    "killed in a save": case(
        "Nothing acknowledged is lost, a retry saves once",
        "services/test_killed_saves.py::test_nothing_acknowledged_is_lost_and_nothing_doubled",
        "web/test_killed_server.py::test_a_server_killed_among_saves_loses_and_doubles_nothing",
    ),
    "killed in a sending": case(
        "A sending is whole or absent, whatever step it died at",
        "services/test_killed_submissions.py::test_a_sending_killed_at_any_step_is_whole_or_absent",
    ),
    "killed in a rendering": case(
        "One final file or none, no half one, no process left",
        "services/test_report_drawing.py::test_a_worker_killed_in_mid_render_leaves_one_final_file",
        "services/test_report_drawing.py::"
        "test_a_killed_child_is_tried_again_and_leaves_one_final_file",
        "store/test_blobs.py::test_a_put_killed_anywhere_leaves_no_half_file",
    ),
}
"""Case → what is tried, and what proves it vain."""

DEMANDED: Final = [*(f"R{number}" for number in (*range(1, 37), *range(45, 55)))]


@cache
def named_in(path: Path) -> frozenset[str]:
    """Return the names of the tests of a file, read from its code."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


@pytest.mark.parametrize("name", CASES)
def test_every_test_that_proves_a_case_exists(name: str) -> None:
    missing = []
    for node in CASES[name].tests:
        file, _, function = node.partition("::")
        if not (TESTS / file).exists() or function not in named_in(TESTS / file):
            missing.append(node)
    assert CASES[name].tests
    assert not missing, f"{name} ({CASES[name].what}) is proved by tests there are not: {missing}"


def test_no_case_is_left_out() -> None:
    assert [name for name in CASES if name.startswith("R")] == DEMANDED
    assert len(CASES) == len(DEMANDED) + 3, "saves, sendings and renderings that are killed"
