from django.urls import path

import samokov_portal.office.converters  # noqa: F401 (registers the converter of numbers)
from feedback.views import case, citizen, desk, files, letters, sender, similar, track

app_name = "feedback"

urlpatterns = [
    path("feedback/", citizen.choose, name="choose"),
    path("feedback/new/<slug:kind>/", citizen.new, name="new"),
    path("feedback/similar/", similar.similar, name="similar"),
    path("feedback/track/", track.track, name="track"),
    path("feedback/track/leave/", track.track_leave, name="track_leave"),
    path("feedback/track/<number:number>/", track.tracked, name="tracked"),
    path("feedback/track/<number:number>/receipt/", track.track_receipt, name="track_receipt"),
    path("feedback/track/<number:number>/files/<uuid:key>/", files.track_file, name="track_file"),
    path("feedback/track/<number:number>/add/", sender.track_add, name="track_add"),
    path("feedback/track/<number:number>/reply/", sender.track_reply, name="track_reply"),
    path("feedback/track/<number:number>/withdraw/", sender.track_withdraw, name="track_withdraw"),
    path("feedback/track/<number:number>/rate/", sender.track_rate, name="track_rate"),
    path("feedback/track/<number:number>/reopen/", sender.track_reopen, name="track_reopen"),
    path("desk/", desk.work_list, name="work_list"),
    path("desk/log/", desk.log, name="log"),
    path("desk/log/<slug:kind>/", desk.log_new, name="log_new"),
    path("desk/cases/<number:number>/", case.case, name="case"),
    path("desk/cases/<number:number>/files/<uuid:key>/", files.case_file, name="case_file"),
    path("desk/cases/<number:number>/attach/", files.case_attach, name="case_attach"),
    path("desk/cases/<number:number>/assign/", case.case_assign, name="case_assign"),
    path("desk/cases/<number:number>/requalify/", case.case_requalify, name="case_requalify"),
    path("desk/cases/<number:number>/ask/", case.case_ask, name="case_ask"),
    path("desk/cases/<number:number>/record-reply/", case.case_record_reply, name="case_record_reply"),
    path("desk/cases/<number:number>/lapse/", case.case_lapse, name="case_lapse"),
    path("desk/cases/<number:number>/forward/", case.case_forward, name="case_forward"),
    path("desk/cases/<number:number>/extend/", case.case_extend, name="case_extend"),
    path("desk/cases/<number:number>/end/", case.case_end, name="case_end"),
    path("desk/cases/<number:number>/answer/", case.case_answer, name="case_answer"),
    path("desk/cases/<number:number>/notify/", case.case_notify, name="case_notify"),
    path("desk/cases/<number:number>/close/", case.case_close, name="case_close"),
    path("desk/cases/<number:number>/record-withdrawal/", case.case_record_withdrawal, name="case_record_withdrawal"),
    path("desk/letters/", letters.letters, name="letters"),
    path("desk/letters/<int:pk>/", letters.letter, name="letter"),
    path("desk/letters/<int:pk>/handed/", letters.letter_handed, name="letter_handed"),
    path("desk/letters/<int:pk>/retry/", letters.letter_retry, name="letter_retry"),
    path("desk/letters/<int:pk>/confirm/", letters.letter_confirm, name="letter_confirm"),
]
